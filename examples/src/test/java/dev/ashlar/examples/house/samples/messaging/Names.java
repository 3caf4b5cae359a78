package dev.ashlar.examples.house.samples.messaging;

/** Each name tells nothing. */
public final class Names {
  private Names() {}

  public static final class QueueManager {
    public int value;
  }

  public static final class QueueHelper {
    public int value;
  }

  public static final class ByteUtil {
    public int value;
  }

  public static final class ByteUtils {
    public int value;
  }

  public static final class AbstractQueue {
    public int value;
  }

  public static final class BaseQueue {
    public int value;
  }

  public static final class DefaultQueue {
    public int value;
  }

  public static final class QueueImpl {
    public int value;
  }
}
