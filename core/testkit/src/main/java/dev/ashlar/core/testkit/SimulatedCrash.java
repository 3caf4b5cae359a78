package dev.ashlar.core.testkit;

/**
 * The moment at which a process under test dies.
 *
 * <p>An {@link Error}, so that no handler of exceptions takes it for a failure it may recover from.
 * What the process would have lost with its memory, a test drops itself.
 */
public final class SimulatedCrash extends Error {

  private static final long serialVersionUID = 1L;

  /**
   * Makes the crash.
   *
   * @param where the step at which it comes
   */
  public SimulatedCrash(String where) {
    super("simulated crash at " + where);
  }
}
