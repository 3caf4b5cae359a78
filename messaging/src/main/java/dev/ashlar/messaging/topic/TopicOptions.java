package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import java.time.Duration;

/**
 * How a topic over queues works; the same for all its handles.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> A window of 100 messages, which bounds both what is forwarded twice after a
 * crash and how far the others get while one blocks. A queue that takes nothing is tried again
 * after 10 ms, then twice as long, up to a second, so that it is soon used once it has room and a
 * dead one costs little. One try may take 100 ms, of which a full queue uses all: enough for an
 * exchange with a broker, and a tenth of the time in which it is tried once. One exchange with the
 * source or the registry may take 5 s.
 *
 * @param time the clocks
 * @param observer is told steps and counts
 * @param window how many messages are on their way to subscriptions at once
 * @param retryFirst how long a queue that takes nothing is left alone at first
 * @param retryMax how long it is left alone at most
 * @param tryMax how long one try to send to a subscription's queue may take
 * @param exchangeMax how long one exchange with the source or the registry may take
 */
public record TopicOptions(
    TimeSource time,
    Observer observer,
    int window,
    Duration retryFirst,
    Duration retryMax,
    Duration tryMax,
    Duration exchangeMax) {

  /** Checks the bounds. */
  public TopicOptions {
    requireNonNull(time, "time");
    requireNonNull(observer, "observer");
    if (window < 1 || window > MessageQueue.BATCH_MAX) {
      throw new IllegalArgumentException(
          "window: " + window + " (expected: 1 to " + MessageQueue.BATCH_MAX + ")");
    }
    positive("retryFirst", retryFirst);
    positive("retryMax", retryMax);
    positive("tryMax", tryMax);
    positive("exchangeMax", exchangeMax);
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: above 0, to " + Duration.ofDays(1) + ")");
    }
  }

  /** Returns the defaults. */
  public static TopicOptions of(TimeSource time, Observer observer) {
    return new TopicOptions(
        time,
        observer,
        100,
        Duration.ofMillis(10),
        Duration.ofSeconds(1),
        Duration.ofMillis(100),
        Duration.ofSeconds(5));
  }

  /** Returns these options with another window. */
  public TopicOptions withWindow(int changed) {
    return new TopicOptions(time, observer, changed, retryFirst, retryMax, tryMax, exchangeMax);
  }

  /** Returns these options with other waits before a queue is tried again. */
  public TopicOptions withRetry(Duration first, Duration max) {
    return new TopicOptions(time, observer, window, first, max, tryMax, exchangeMax);
  }

  /** Returns these options with another bound on one try. */
  public TopicOptions withTryMax(Duration changed) {
    return new TopicOptions(time, observer, window, retryFirst, retryMax, changed, exchangeMax);
  }

  /** Returns these options with another bound on one exchange. */
  public TopicOptions withExchangeMax(Duration changed) {
    return new TopicOptions(time, observer, window, retryFirst, retryMax, tryMax, changed);
  }
}
