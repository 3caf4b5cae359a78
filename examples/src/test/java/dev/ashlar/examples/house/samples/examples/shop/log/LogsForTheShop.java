package dev.ashlar.examples.house.samples.examples.shop.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class LogsForTheShop {
  public static final Logger LOG = LoggerFactory.getLogger(LogsForTheShop.class);
}
