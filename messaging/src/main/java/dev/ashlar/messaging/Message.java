package dev.ashlar.messaging;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
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

  /**
   * Returns this message with the part of a context that outlives the call it belongs to. Whoever
   * sends it then adds nothing, and no observer hears of it: see {@link #handOver}.
   */
  public Message withContext(CallContext context) {
    return withHeaders(context.storedInto(headers));
  }

  /**
   * Hands this message over: what every queue and every outbox does around storing a message that
   * it was given.
   *
   * <p>The message gets the thread's current context, if there is one, and the observer is told of
   * one {@link Operation.Kind#PRODUCER}, whose headers are those to store. A message that carries a
   * context already was handed over before, most often to an outbox, and whoever brings it further
   * is not who sent it: it is stored as it is, and the observer is not told again.
   *
   * <p>Without an observer nothing is allocated for it.
   *
   * @param target the name of the queue
   * @param observer of the queue or outbox
   * @param store runs exactly once, in the caller's thread, with the message to store
   */
  public <T, X extends Exception> T handOver(String target, Observer observer, Store<T, X> store)
      throws X {
    if (headers.first(CallContext.CONTEXT_HEADER).isPresent()) {
      return store.store(this);
    }
    Message mine = CallContext.current().map(this::withContext).orElse(this);
    if (observer == Observer.none()) {
      return store.store(mine);
    }
    return observer.around(
        Operation.of(Operation.Kind.PRODUCER, target),
        mine.headers,
        sent -> store.store(mine.withHeaders(sent)));
  }

  /**
   * What a queue or an outbox does with a message that is handed over to it.
   *
   * @param <T> what it answers; an {@link Operation.Ending} tells the observer how it ended
   * @param <X> what it throws
   */
  @FunctionalInterface
  public interface Store<T, X extends Exception> {

    /** Stores a message that has all its headers. */
    T store(Message message) throws X;
  }

  /** Returns the id and the sizes; key, header values and payload may be secret. */
  @Override
  public String toString() {
    return "Message[" + id + ", " + payload + ", " + headers + "]";
  }
}
