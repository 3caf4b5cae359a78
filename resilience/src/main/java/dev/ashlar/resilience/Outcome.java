package dev.ashlar.resilience;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.resilience.retry.StopReason;

/**
 * What came of a call.
 *
 * <p><b>Threads.</b> Immutable, if the value is.
 *
 * @param <T> what the backend gives
 */
public sealed interface Outcome<T> {

  /**
   * The backend gave it.
   *
   * @param value what it gave
   * @param attempts how many attempts it took
   */
  record Ok<T>(T value, int attempts) implements Outcome<T> {

    /** Checks that there is a value. */
    public Ok {
      requireNonNull(value, "value");
    }
  }

  /**
   * The fallback gave it: less than was asked for, which the caller may want to show.
   *
   * @param value the substitute
   * @param failed what became of the call itself
   */
  record Degraded<T>(T value, Failed<T> failed) implements Outcome<T> {

    /** Checks the parts. */
    public Degraded {
      requireNonNull(value, "value");
      requireNonNull(failed, "failed");
    }
  }

  /**
   * Nobody gave it.
   *
   * @param failure the last attempt's, as the backend gave it
   * @param attempts how many attempts were made; zero if the first was refused here
   * @param reason why there were no more
   */
  record Failed<T>(BackendException failure, int attempts, StopReason reason)
      implements Outcome<T> {

    /** Checks the parts. */
    public Failed {
      requireNonNull(failure, "failure");
      requireNonNull(reason, "reason");
    }
  }

  /**
   * Returns the value, also a degraded one.
   *
   * @throws BackendException the failure itself, if there is no value
   */
  default T orThrow() {
    if (this instanceof Failed<T> failed) {
      throw failed.failure();
    }
    return this instanceof Ok<T> ok ? ok.value() : ((Degraded<T>) this).value();
  }
}
