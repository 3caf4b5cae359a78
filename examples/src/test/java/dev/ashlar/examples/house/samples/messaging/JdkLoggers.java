package dev.ashlar.examples.house.samples.messaging;

import java.util.logging.Logger;

/** Each logs through the JDK. */
public final class JdkLoggers {
  private JdkLoggers() {}

  public static final class OfUtil {
    public static final Logger LOG = Logger.getLogger("x");
  }

  public static final class OfSystem {
    public static final System.Logger LOG = System.getLogger("x");
  }
}
