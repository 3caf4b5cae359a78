package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.consume.ConsumerOptions;
import java.time.Duration;

/**
 * How a {@link LogConsumer} works.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Five attempts, as queues have them; a commit every 100 ms, so that what a crash
 * repeats is short and a commit is still rare beside the handling. A record that cannot be handled
 * stops its partition and a lost position does too: whoever prefers to lose records says so.
 *
 * @param handling name, context, chance, threads, in-flight limit and retries, as for a queue
 * @param attemptsMax how often a record is handed to the handler before it is poison
 * @param poison what becomes of a record that cannot be handled
 * @param whenLost what becomes of a partition whose unread records retention has removed
 * @param commitEvery how often progress is committed
 * @param listener is told of partitions gained and lost
 */
public record LogConsumerOptions(
    ConsumerOptions handling,
    int attemptsMax,
    Poison poison,
    WhenLost whenLost,
    Duration commitEvery,
    OwnershipListener listener) {

  /** Checks the bounds. */
  public LogConsumerOptions {
    requireNonNull(poison, "poison");
    requireNonNull(whenLost, "whenLost");
    requireNonNull(listener, "listener");
    if (handling.mode() != ConsumerOptions.Mode.AT_LEAST_ONCE) {
      throw new IllegalArgumentException(
          "handling.mode: " + handling.mode() + " (expected: AT_LEAST_ONCE)");
    }
    if (attemptsMax < 1 || attemptsMax > 1000) {
      throw new IllegalArgumentException("attemptsMax: " + attemptsMax + " (expected: 1 to 1000)");
    }
    if (commitEvery.compareTo(Duration.ofMillis(1)) < 0
        || commitEvery.compareTo(Duration.ofMinutes(1)) > 0) {
      throw new IllegalArgumentException(
          "commitEvery: " + commitEvery + " (expected: PT0.001S to PT1M)");
    }
  }

  /** Returns the defaults. */
  public static LogConsumerOptions of(ConsumerOptions handling) {
    return new LogConsumerOptions(
        handling,
        5,
        new Poison.Stop(),
        WhenLost.STOP,
        Duration.ofMillis(100),
        OwnershipListener.none());
  }

  /** Returns these options with other attempts and what follows the last one. */
  public LogConsumerOptions withPoison(int attempts, Poison changed) {
    return new LogConsumerOptions(handling, attempts, changed, whenLost, commitEvery, listener);
  }

  /** Returns these options with another answer to a lost position. */
  public LogConsumerOptions withWhenLost(WhenLost changed) {
    return new LogConsumerOptions(handling, attemptsMax, poison, changed, commitEvery, listener);
  }

  /** Returns these options with another time between commits. */
  public LogConsumerOptions withCommitEvery(Duration changed) {
    return new LogConsumerOptions(handling, attemptsMax, poison, whenLost, changed, listener);
  }

  /** Returns these options with a listener. */
  public LogConsumerOptions withListener(OwnershipListener changed) {
    return new LogConsumerOptions(handling, attemptsMax, poison, whenLost, commitEvery, changed);
  }

  /** What becomes of a partition whose unread records retention has removed. */
  public enum WhenLost {
    /** It stops, and {@link LogConsumer#stopped()} says why. */
    STOP,
    /** It is counted, and goes on with the oldest record that is left. */
    GO_ON_WITH_EARLIEST
  }
}
