package dev.ashlar.messaging.topic;

import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import java.time.Instant;
import java.util.Optional;

/** A record that was read for a subscription and is not handled; under the lock of its window. */
final class LogItem {

  final OwnedPartition owned;
  final LogRecord entry;

  State state = State.WAITING;

  /** How often it was handed out since it was read. */
  int attempt;

  /** How often it had been when it was redriven. */
  int attemptsBefore;

  /** Tells its deliveries from each other. */
  int deliveries;

  /** When it is due, or, while it is handed out, when it is given to another. */
  long untilNanos;

  Optional<Instant> firstFailure = Optional.empty();
  Instant lastFailure = Instant.EPOCH;
  String cause = "";

  LogItem(OwnedPartition owned, LogRecord entry, long nowNanos) {
    this.owned = owned;
    this.entry = entry;
    this.untilNanos = nowNanos;
  }

  /** What is done with it. */
  enum State {
    /** It is due at some time. */
    WAITING,
    /** A delivery owns it. */
    IN_FLIGHT,
    /** It is set aside, and holds back what is committed. */
    DEAD,
    /** It is handled; what is in front of it may not be. */
    ENDED
  }

  /** Returns whether later ones of its key wait for it. */
  boolean isUnfinished() {
    return state == State.WAITING || state == State.IN_FLIGHT;
  }

  void fail(String why, Instant at) {
    firstFailure = firstFailure.or(() -> Optional.of(at));
    lastFailure = at;
    cause = why;
  }
}
