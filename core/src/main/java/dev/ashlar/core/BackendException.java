package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A backend did not do what it was asked, or did not say whether it did.
 *
 * <p>Every failure of a database, broker or server reaches the caller as this one type. What to do
 * next depends on two independent answers, {@link #effect()} and {@link #advice()}, and never on
 * the class of the {@linkplain #getCause() cause}, which is the client library's own exception.
 *
 * <p><b>Not guaranteed.</b> That an unknown effect ever becomes known: ask the backend by the
 * request's id or nonce, or make the request safe to repeat.
 */
public class BackendException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Effect effect;
  private final Advice advice;

  /**
   * Makes the exception.
   *
   * @param message what was asked of whom; no payload, no credential
   * @param effect {@link Effect#NONE} only if the adapter can prove it
   * @param advice whether another try is worth it
   * @param cause the client library's exception, if there is one
   */
  public BackendException(String message, Effect effect, Advice advice, @Nullable Throwable cause) {
    super(message, cause);
    this.effect = requireNonNull(effect, "effect");
    this.advice = requireNonNull(advice, "advice");
  }

  /** Returns what the request did. */
  public Effect effect() {
    return effect;
  }

  /** Returns whether the request is worth another try. */
  public Advice advice() {
    return advice;
  }
}
