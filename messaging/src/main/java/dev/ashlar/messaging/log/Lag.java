package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How far a group is behind in one partition.
 *
 * <p><b>Threads.</b> Immutable: a picture of one moment.
 *
 * @param partition which
 * @param records how many records are not committed yet, those that are held back included; empty
 *     where the engine cannot count them
 * @param behind how long ago the oldest of them was appended; zero if there is none
 * @param heldBack for how long now an unfinished transaction has kept records from being read; zero
 *     if none does. A transaction that somebody forgot shows here before it shows anywhere else
 */
public record Lag(String partition, OptionalLong records, Duration behind, Duration heldBack) {

  /** Checks the parts. */
  public Lag {
    Partition.checkId(partition);
    requireNonNull(records, "records");
    requireNonNull(behind, "behind");
    requireNonNull(heldBack, "heldBack");
  }
}
