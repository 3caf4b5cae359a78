package dev.ashlar.examples.house.samples.messaging;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class Logs {
  public static final Logger LOG = LoggerFactory.getLogger(Logs.class);
}
