package dev.ashlar.examples.house.samples.core.testkit;

import java.util.SplittableRandom;

/** Stands where the test kit's own stands, so it may draw a seed. */
public final class Seeds {
  public long next() {
    return new SplittableRandom().nextLong();
  }
}
