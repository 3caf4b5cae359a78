package dev.ashlar.resilience;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;

/**
 * A pipeline refused an attempt itself: nothing was sent, so nothing was done.
 *
 * <p>It says nothing about the backend, and a breaker further out does not count it (CALL-26). It
 * carries no stack trace, because refusing must stay cheap when much is refused.
 */
public final class RefusedHereException extends BackendException {

  private static final long serialVersionUID = 1L;

  private final By by;

  RefusedHereException(By by, String pipeline, Advice advice) {
    super(pipeline + ": refused by its " + by.words, Effect.NONE, advice, null);
    this.by = by;
  }

  /** Returns which part of the pipeline refused. */
  public By by() {
    return by;
  }

  /** Leaves the stack trace out. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }

  /** The parts of a pipeline that refuse. */
  public enum By {
    /** The time was over before the first attempt. The advice is permanent. */
    DEADLINE("deadline"),
    /**
     * The backend did not answer lately. The advice is overloaded, until the breaker asks again.
     */
    BREAKER("breaker");

    private final String words;

    By(String words) {
      this.words = words;
    }
  }
}
