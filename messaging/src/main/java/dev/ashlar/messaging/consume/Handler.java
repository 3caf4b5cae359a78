package dev.ashlar.messaging.consume;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Codec;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;

/**
 * What an application does with a message.
 *
 * <p><b>Failures.</b> An exception is a way to say {@link Outcome.Retry}, except {@link
 * MalformedDataException}, which says {@link Outcome.DeadLetter}: no other attempt reads the same
 * bytes differently.
 *
 * <p><b>Threads.</b> Called from as many threads as the consumer has; one message at a time in
 * each.
 */
@FunctionalInterface
public interface Handler {

  /**
   * Handles a message.
   *
   * @param message what the producer sent
   * @param context of this handling, also current in this thread; its attempt is the delivery's,
   *     its deadline the moment after which the consumer no longer renews and the message goes to
   *     another
   */
  Outcome handle(Message message, CallContext context) throws Exception;

  /** Returns a handler that decodes the payload first. */
  static <T> Handler decoding(Codec<T> codec, OfValue<T> handler) {
    requireNonNull(codec, "codec");
    requireNonNull(handler, "handler");
    return (message, context) -> handler.handle(codec.decode(message.payload()), message, context);
  }

  /**
   * What an application does with a decoded message.
   *
   * @param <T> what the payload stands for
   */
  @FunctionalInterface
  interface OfValue<T> {

    /** Handles a message whose payload stands for {@code value}. */
    Outcome handle(T value, Message message, CallContext context) throws Exception;
  }
}
