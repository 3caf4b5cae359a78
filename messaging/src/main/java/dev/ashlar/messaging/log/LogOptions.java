package dev.ashlar.messaging.log;

import dev.ashlar.core.Deadline;
import java.time.Duration;

/**
 * The bounds of a log that Ashlar keeps itself.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Retention defaults to 7 days, as Kafka's does, and to 64 MiB of each partition,
 * because a log in memory must fit; payloads to 256 KiB, as queues bound them; transactions to one
 * minute, as Kafka's producers have it.
 *
 * @param partitions with how many partitions the log begins
 * @param retention how long a record is kept at least, if there is room
 * @param retentionBytes how many bytes of each partition are kept at most; the oldest go first
 * @param payloadMaxBytes the biggest payload
 * @param transactionMax how long a transaction may be open; then it is rolled back, because it
 *     holds back every reader behind it
 */
public record LogOptions(
    int partitions,
    Duration retention,
    long retentionBytes,
    int payloadMaxBytes,
    Duration transactionMax) {

  /** The most partitions of one log, closed ones included. */
  public static final int PARTITIONS_MAX = 1024;

  /** What a record counts beside its payload, about, so that empty ones are bounded too. */
  static final int RECORD_BYTES = 128;

  /** Checks the bounds. */
  public LogOptions {
    if (partitions < 1 || partitions > PARTITIONS_MAX) {
      throw new IllegalArgumentException(
          "partitions: " + partitions + " (expected: 1 to " + PARTITIONS_MAX + ")");
    }
    inRange("retention", retention, Deadline.LONGEST);
    inRange("transactionMax", transactionMax, Duration.ofDays(1));
    if (payloadMaxBytes < 1 || payloadMaxBytes > 64 << 20) {
      throw new IllegalArgumentException(
          "payloadMaxBytes: " + payloadMaxBytes + " (expected: 1 to " + (64 << 20) + ")");
    }
    if (retentionBytes < payloadMaxBytes + RECORD_BYTES) {
      throw new IllegalArgumentException(
          "retentionBytes: "
              + retentionBytes
              + " (expected: at least "
              + (payloadMaxBytes + RECORD_BYTES)
              + ", the biggest payload and "
              + RECORD_BYTES
              + " beside it)");
    }
  }

  private static void inRange(String name, Duration value, Duration max) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: PT0.001S to " + max + ")");
    }
  }

  /** Returns the defaults with a number of partitions. */
  public static LogOptions partitions(int partitions) {
    return new LogOptions(
        partitions, Duration.ofDays(7), 64L << 20, 256 << 10, Duration.ofMinutes(1));
  }

  /** Returns these options with another retention. */
  public LogOptions withRetention(Duration age, long bytes) {
    return new LogOptions(partitions, age, bytes, payloadMaxBytes, transactionMax);
  }

  /** Returns these options with another bound on payloads. */
  public LogOptions withPayloadMaxBytes(int changed) {
    return new LogOptions(partitions, retention, retentionBytes, changed, transactionMax);
  }

  /** Returns these options with another bound on transactions. */
  public LogOptions withTransactionMax(Duration changed) {
    return new LogOptions(partitions, retention, retentionBytes, payloadMaxBytes, changed);
  }
}
