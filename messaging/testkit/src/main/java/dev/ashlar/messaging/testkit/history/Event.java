package dev.ashlar.messaging.testkit.history;

import dev.ashlar.core.Bytes;
import dev.ashlar.messaging.MessageId;
import java.util.Optional;

/**
 * One thing that a user of a queue or a log did, and what was answered.
 *
 * <p>The first three are about queues, the other four about logs. {@link History#watch} records
 * those of a queue by itself; others are added by whoever tests.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Event {

  /** Returns when it was done. */
  Span span();

  /** What was answered to a request to store something. */
  enum Answer {
    /** It is stored. */
    CONFIRMED,
    /** It is not stored. */
    REFUSED,
    /** Nobody knows. */
    UNKNOWN
  }

  /** How a delivery was settled. */
  enum Settled {
    /** As done, and that was applied: the message must not come again. */
    DONE,
    /** Set aside, and that was applied. */
    DEAD,
    /** Given back, and that was applied: the message must come again. */
    BACK,
    /** The delivery no longer owned its message. */
    STALE,
    /** Nobody knows whether it was applied. */
    UNKNOWN
  }

  /** A message was sent. */
  record Send(Span span, MessageId id, Optional<String> key, Answer answer) implements Event {}

  /** A message was delivered, as its {@code attempt}-th time. */
  record Deliver(Span span, MessageId id, int attempt) implements Event {}

  /** A delivery was settled. */
  record Settle(Span span, MessageId id, Settled how) implements Event {}

  /** A record was appended; its place is known if it was confirmed. */
  record Append(Span span, Optional<Place> place, Bytes content, Answer answer) implements Event {}

  /** A group read a record. */
  record Read(Span span, String group, Place place, Bytes content) implements Event {}

  /** A group has finished with a record. */
  record Finish(Span span, String group, Place place) implements Event {}

  /** A group has committed that it is done with everything up to a place, this one included. */
  record Commit(Span span, String group, Place place) implements Event {}
}
