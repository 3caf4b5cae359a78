package dev.ashlar.messaging.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.messaging.MessageId;

/**
 * Something that has happened, as it is to be kept.
 *
 * <p>The id is made once, with the decision that the event records, and is the same in every
 * attempt to append it: it is what a store recognises a retry by.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> Headers as {@link Headers} bounds them; the payload as the store bounds it.
 *
 * @param id names the event within its stream
 * @param type what kind of event it is: a logical name, never that of a class; 1 to 64 of {@code
 *     A-Z a-z 0-9 . _ -}
 * @param headers travel beside the payload; what comes from the call that appended it is here
 * @param payload never looked into by a store
 */
public record Event(MessageId id, String type, Headers headers, Bytes payload) {

  /** Checks the parts. */
  public Event {
    requireNonNull(id, "id");
    requireNonNull(headers, "headers");
    requireNonNull(payload, "payload");
    if (!IdSource.isWellFormed(type)) {
      throw new IllegalArgumentException(
          "type: " + type.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  /** Returns an event without headers. */
  public static Event of(MessageId id, String type, Bytes payload) {
    return new Event(id, type, Headers.empty(), payload);
  }

  /** Returns this event with other headers. */
  public Event withHeaders(Headers changed) {
    return new Event(id, type, changed, payload);
  }

  /**
   * Returns whether another event says the same: its id, type and payload are equal. Headers tell
   * of the attempt, and a retry may come from another call.
   */
  public boolean saysTheSameAs(Event other) {
    return id.equals(other.id) && type.equals(other.type) && payload.equals(other.payload);
  }

  /** Returns the id, the type and the sizes; header values and payload may be secret. */
  @Override
  public String toString() {
    return "Event[" + id + ", " + type + ", " + payload + ", " + headers + "]";
  }
}
