package dev.ashlar.resilience.http;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;

/**
 * Answers the questions of one route.
 *
 * <p><b>Failures.</b> {@link BackendException} tells the caller whether another try is worth it:
 * its advice goes up, its effect does not, because what a backend has not done the handler may
 * still have done in part. Anything else that is thrown is answered as a permanent failure without
 * its text.
 *
 * @param <Q> the question
 * @param <A> the answer
 */
@FunctionalInterface
public interface HttpHandler<Q, A> {

  /**
   * Answers, in a thread of the service; many at once.
   *
   * @param context the caller's, as far as it is trusted; its deadline has not come yet
   * @throws InterruptedException if interrupted, which the service does only when it is closed
   */
  A answer(Q question, CallContext context) throws InterruptedException;
}
