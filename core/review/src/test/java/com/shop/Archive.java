package com.shop;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Code of a shop that has a reason. */
final class Archive {

  private Archive() {}

  static BlockingQueue<String> pages() {
    return new LinkedBlockingQueue<>(List.of("January", "February"));
  }
}
