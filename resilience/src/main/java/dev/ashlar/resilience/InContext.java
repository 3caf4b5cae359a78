package dev.ashlar.resilience;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;

/** Runs a body in a context, without the checked exceptions that it cannot throw. */
final class InContext {

  private InContext() {}

  static <T> T call(CallContext context, Body<T> body) throws InterruptedException {
    try {
      return context.call(body::run);
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a call threw what it does not declare", e);
    }
  }

  /** The one place where a deadline may grow: a fallback has an allowance of its own. */
  static CallContext withDeadline(CallContext context, Deadline deadline) {
    return new CallContext(
        context.correlation(),
        context.request(),
        context.causedBy(),
        deadline,
        context.criticality(),
        context.cohort(),
        context.attempt(),
        context.retryRight(),
        context.client());
  }

  interface Body<T> {
    T run() throws InterruptedException;
  }
}
