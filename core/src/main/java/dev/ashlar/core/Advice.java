package dev.ashlar.core;

import java.io.Serializable;
import java.time.Duration;

/**
 * Whether a failed request is worth another try, apart from what it {@linkplain Effect did}.
 *
 * <p>The two are independent: wrong credentials have no effect and are permanent, a timeout has an
 * unknown effect and is transient.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Advice extends Serializable {

  /** Another try may succeed, soon. */
  record Transient() implements Advice {}

  /**
   * The backend has more work than it can do; another try makes it worse until then.
   *
   * @param retryAfter when it is worth asking again at the earliest; zero if the backend did not
   *     say
   */
  record Overloaded(Duration retryAfter) implements Advice {

    /** Checks the time. */
    public Overloaded {
      if (retryAfter.isNegative()) {
        throw new IllegalArgumentException("retryAfter: " + retryAfter + " (expected: >= 0)");
      }
    }
  }

  /** Another try fails in the same way, until somebody changes something. */
  record Permanent() implements Advice {}
}
