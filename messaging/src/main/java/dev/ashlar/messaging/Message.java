package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import java.time.Duration;
import java.util.Optional;

/**
 * What a producer sends: a payload with its id, and what a queue needs to know to treat it rightly.
 *
 * <p>A message is data without a life of its own. What happens to one copy of it is a {@link
 * Delivery}.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Keys of {@value #KEY_MAX} characters; headers as {@link Headers} bounds them;
 * the payload as the queue bounds it.
 *
 * @param id recognises the message when it comes again
 * @param key messages of one key are handled in order, where the queue promises so
 * @param headers travel beside the payload
 * @param payload never looked into by a queue
 * @param timeToLive how long after sending the message is still worth handling; time in the queue
 *     counts, and a message that is too old is dead-lettered as expired
 */
public record Message(
    MessageId id,
    Optional<String> key,
    Headers headers,
    Bytes payload,
    Optional<Duration> timeToLive) {

  /** The longest ordering key, in characters. */
  public static final int KEY_MAX = 128;

  /** Checks the parts. */
  public Message {
    requireNonNull(id, "id");
    requireNonNull(headers, "headers");
    requireNonNull(payload, "payload");
    key.ifPresent(Message::checkKey);
    timeToLive.ifPresent(Message::checkTimeToLive);
  }

  private static void checkKey(String key) {
    if (key.isEmpty() || key.length() > KEY_MAX) {
      throw new IllegalArgumentException(
          "key: " + key.length() + " characters (expected: 1 to " + KEY_MAX + ")");
    }
    if (key.codePoints().anyMatch(c -> Character.isISOControl(c) || isSurrogate(c))) {
      throw new IllegalArgumentException(
          "key: control character or unpaired surrogate (expected: printable text)");
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  private static void checkTimeToLive(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(Deadline.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeToLive: " + time + " (expected: above 0, to " + Deadline.LONGEST + ")");
    }
  }

  /** Returns a message without key, headers and expiry. */
  public static Message of(MessageId id, Bytes payload) {
    return new Message(id, Optional.empty(), Headers.empty(), payload, Optional.empty());
  }

  /** Returns this message with an ordering key. */
  public Message withKey(String changed) {
    return new Message(id, Optional.of(changed), headers, payload, timeToLive);
  }

  /** Returns this message with other headers. */
  public Message withHeaders(Headers changed) {
    return new Message(id, key, changed, payload, timeToLive);
  }

  /** Returns this message with an expiry, counted from its sending. */
  public Message withTimeToLive(Duration changed) {
    return new Message(id, key, headers, payload, Optional.of(changed));
  }

  /** Returns this message with the part of a context that outlives the call it belongs to. */
  public Message withContext(CallContext context) {
    return withHeaders(context.storedInto(headers));
  }

  /**
   * Returns this message with the thread's current context, unless it carries one already or there
   * is none.
   */
  public Message withCurrentContext() {
    if (headers.first(CallContext.CONTEXT_HEADER).isPresent()) {
      return this;
    }
    return CallContext.current().map(this::withContext).orElse(this);
  }

  /** Returns the id and the sizes; key, header values and payload may be secret. */
  @Override
  public String toString() {
    return "Message[" + id + ", " + payload + ", " + headers + "]";
  }
}
