package dev.ashlar.resilience.testkit;

/**
 * What every pipeline of calls must do, as tests: CALL-1 to CALL-10, 16, 17, 22, 24, 26 and 46.
 *
 * <p>A subclass says how to open a pipeline with a given policy, clock and generator. The tests run
 * in one thread whose sleeping moves the clock, so minutes take no time and every run is the same
 * for the same seed.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see RetryBudgetContract
 * @see BreakerContract
 */
public abstract class PipelineContract extends FallbackProperties {

  /** For subclasses. */
  protected PipelineContract() {}
}
