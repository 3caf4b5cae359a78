package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import java.time.Duration;

/**
 * The bounds of a queue.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Visibility defaults to 30 s and payloads to 256 KiB, as Amazon SQS does;
 * attempts to 5, as Kafka's share groups do; the lifetime to 14 days, the longest that SQS keeps a
 * message. Behind a dead letter a key goes on, as it does in all brokers. The capacity has no
 * default: only its owner knows how much may wait.
 *
 * @param capacity the most messages stored, dead letters included, so that a pile of dead letters
 *     that nobody looks at pushes back instead of growing
 * @param visibility for how long a delivery owns its message, unless renewed
 * @param attemptsMax after how many attempts without success a message becomes a dead letter
 * @param lifetime how long after its sending a message can be delivered; later it is dead-lettered
 *     as expired, and its dead letter can no longer be redriven
 * @param payloadMaxBytes the biggest payload
 * @param deadKey what becomes of the messages behind a dead letter of their key; an engine that
 *     cannot park them refuses options that ask for it
 */
public record QueueOptions(
    int capacity,
    Duration visibility,
    int attemptsMax,
    Duration lifetime,
    int payloadMaxBytes,
    DeadKey deadKey) {

  /** Checks the bounds. */
  public QueueOptions {
    inRange("capacity", capacity, 1, 100_000_000);
    inRange("visibility", visibility, Duration.ofMillis(1), Duration.ofDays(1));
    inRange("attemptsMax", attemptsMax, 1, 1000);
    inRange("lifetime", lifetime, Duration.ofMillis(1), Deadline.LONGEST);
    inRange("payloadMaxBytes", payloadMaxBytes, 1, 64 << 20);
    if (requireNonNull(deadKey, "deadKey") instanceof DeadKey.Park park) {
      inRange("parkedMax", park.parkedMax(), 0, capacity);
    }
  }

  private static void inRange(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  private static void inRange(String name, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  /** Returns the defaults with a capacity. */
  public static QueueOptions capacity(int capacity) {
    return new QueueOptions(
        capacity, Duration.ofSeconds(30), 5, Duration.ofDays(14), 256 << 10, DeadKey.skip());
  }

  /** Returns these options with another visibility. */
  public QueueOptions withVisibility(Duration changed) {
    return new QueueOptions(capacity, changed, attemptsMax, lifetime, payloadMaxBytes, deadKey);
  }

  /** Returns these options with other attempts. */
  public QueueOptions withAttemptsMax(int changed) {
    return new QueueOptions(capacity, visibility, changed, lifetime, payloadMaxBytes, deadKey);
  }

  /** Returns these options with another lifetime. */
  public QueueOptions withLifetime(Duration changed) {
    return new QueueOptions(capacity, visibility, attemptsMax, changed, payloadMaxBytes, deadKey);
  }

  /** Returns these options with another bound on payloads. */
  public QueueOptions withPayloadMaxBytes(int changed) {
    return new QueueOptions(capacity, visibility, attemptsMax, lifetime, changed, deadKey);
  }

  /** Returns these options with something else done with the messages behind a dead letter. */
  public QueueOptions withDeadKey(DeadKey changed) {
    return new QueueOptions(capacity, visibility, attemptsMax, lifetime, payloadMaxBytes, changed);
  }
}
