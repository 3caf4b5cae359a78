package dev.ashlar.messaging.testkit.history;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;

/**
 * A position in one partition of a log.
 *
 * <p>Offsets of Kafka, sequence numbers of Kinesis (128 bits), numbers of rows and of a file's
 * entries are all whole numbers that rise; gaps between them mean nothing.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param partition the partition's name
 * @param position compared within the partition only
 */
public record Place(String partition, BigInteger position) {

  /** Checks the parts. */
  public Place {
    requireNonNull(partition, "partition");
    requireNonNull(position, "position");
  }

  /** Returns the place of a position that fits into a number. */
  public static Place of(String partition, long position) {
    return new Place(partition, BigInteger.valueOf(position));
  }
}
