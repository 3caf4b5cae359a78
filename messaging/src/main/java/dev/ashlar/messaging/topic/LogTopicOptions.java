package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;

/**
 * How a topic over a log works; the same for all its handles.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Visibility and attempts as of a queue: 30 s, and 5. A window of 1000, which
 * bounds what a crash repeats and what a member keeps in memory.
 *
 * @param time the clocks
 * @param observer is told steps and counts
 * @param visibility for how long a delivery owns its message, unless renewed, and how long a member
 *     may stay away before others get its share
 * @param attemptsMax after how many attempts without success a message becomes a dead letter
 * @param window how many messages a member has read and not committed, at most; dead letters count
 * @param exchangeMax how long one exchange with the registry may take
 */
public record LogTopicOptions(
    TimeSource time,
    Observer observer,
    Duration visibility,
    int attemptsMax,
    int window,
    Duration exchangeMax) {

  /** Checks the bounds. */
  public LogTopicOptions {
    requireNonNull(time, "time");
    requireNonNull(observer, "observer");
    positive("visibility", visibility);
    positive("exchangeMax", exchangeMax);
    inRange("attemptsMax", attemptsMax, 1000);
    inRange("window", window, 100_000);
  }

  private static void positive(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: PT0.001S to PT24H)");
    }
  }

  private static void inRange(String name, int value, int max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + max + ")");
    }
  }

  /** Returns the defaults. */
  public static LogTopicOptions of(TimeSource time, Observer observer) {
    return new LogTopicOptions(
        time, observer, Duration.ofSeconds(30), 5, 1000, Duration.ofSeconds(5));
  }

  /** Returns these options with another visibility. */
  public LogTopicOptions withVisibility(Duration changed) {
    return new LogTopicOptions(time, observer, changed, attemptsMax, window, exchangeMax);
  }

  /** Returns these options with other attempts. */
  public LogTopicOptions withAttemptsMax(int changed) {
    return new LogTopicOptions(time, observer, visibility, changed, window, exchangeMax);
  }

  /** Returns these options with another window. */
  public LogTopicOptions withWindow(int changed) {
    return new LogTopicOptions(time, observer, visibility, attemptsMax, changed, exchangeMax);
  }
}
