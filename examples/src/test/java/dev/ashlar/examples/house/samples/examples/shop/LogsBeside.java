package dev.ashlar.examples.house.samples.examples.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class LogsBeside {
  public static final Logger LOG = LoggerFactory.getLogger(LogsBeside.class);
}
