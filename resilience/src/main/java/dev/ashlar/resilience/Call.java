package dev.ashlar.resilience;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a {@link Pipeline} runs: one attempt to get something from another service.
 *
 * <p><b>Failures.</b> {@link BackendException} for whatever the backend did not do, with the truth
 * about its effect: a retry believes it. Anything else that is thrown is a mistake of the program;
 * it goes through at once.
 *
 * @param <T> what the backend gives
 */
@FunctionalInterface
public interface Call<T> {

  /**
   * Makes the attempt, in the caller's thread.
   *
   * @param attempt the context to send along: its deadline is this attempt's, its number counts
   *     from 1, and its retry right tells those below who owns the retries
   * @throws InterruptedException if interrupted; the effect is then unknown
   */
  T run(CallContext attempt) throws InterruptedException;

  /**
   * Returns this call with some of its results taken for failures, for clients that answer with
   * error values. Such a failure is treated as if it had been thrown (CALL-9).
   *
   * @param judge what a result is the failure of, if it is one
   */
  default Call<T> judgedBy(Function<? super T, Optional<BackendException>> judge) {
    requireNonNull(judge, "judge");
    return attempt -> {
      T result = run(attempt);
      Optional<BackendException> failure = judge.apply(result);
      if (failure.isPresent()) {
        throw failure.get();
      }
      return result;
    };
  }
}
