package dev.ashlar.resilience;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;

/**
 * What to give instead when a call fails: something older, smaller or emptier, and always local.
 *
 * <p>A fallback that calls another service adds load just when services fail, and is code that runs
 * only then.
 *
 * @param <T> what the call would have given
 */
@FunctionalInterface
public interface Fallback<T> {

  /**
   * Makes the substitute, in the caller's thread.
   *
   * @param context the call's, with the fallback's own deadline
   * @param failure why the call failed
   * @throws InterruptedException if interrupted
   */
  T instead(CallContext context, BackendException failure) throws InterruptedException;
}
