package dev.ashlar.core.testkit;

import dev.ashlar.core.Observer;
import java.util.List;

/**
 * Runs a scenario once without a crash, and then again with a crash at each step it has passed.
 *
 * <p><b>Failures.</b> {@link AssertionError} whose message names the step of the crash and its
 * number; also if the work has no named step at all, or does not come to the same steps again.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <pre>{@code
 * List<String> steps = CrashPoints.forEach(() -> new Transfer(true, runs));
 * }</pre>
 */
public final class CrashPoints {

  private CrashPoints() {}

  /**
   * Runs a scenario with a crash at each of its steps.
   *
   * @param scenario makes a fresh set-up for every run
   * @return the names of the steps, in the order of the run without a crash
   */
  public static List<String> forEach(Scenario scenario) throws Exception {
    CrashAt recorder = CrashAt.recording();
    run(scenario, recorder, "without a crash");
    List<String> steps = recorder.passed();
    if (steps.isEmpty()) {
      throw new AssertionError("steps: none (expected: work that names its steps)");
    }
    for (int n = 1; n <= steps.size(); n++) {
      String where = "crash at step " + n + " of " + steps.size() + ", " + steps.get(n - 1);
      CrashAt crash = CrashAt.nth(n);
      run(scenario, crash, where);
      if (!crash.hasCrashed()) {
        throw new AssertionError(where + ": did not come again, passed: " + crash.passed());
      }
    }
    return steps;
  }

  private static void run(Scenario scenario, CrashAt observer, String where) throws Exception {
    try (Run run = scenario.start()) {
      work(run, observer);
      run.recover();
    } catch (AssertionError e) {
      throw new AssertionError(where + ": " + e.getMessage(), e);
    } catch (Throwable e) {
      e.addSuppressed(new IllegalStateException(where));
      throw e;
    }
  }

  /**
   * Whatever comes out of work in which the crash fell is the crash, in one wrapping or another.
   */
  private static void work(Run run, CrashAt observer) throws Exception {
    try {
      run.work(observer);
    } catch (Throwable e) {
      if (!observer.hasCrashed()) {
        throw e;
      }
    }
  }

  /** Makes a fresh set-up. */
  @FunctionalInterface
  public interface Scenario {

    /** Returns a run that shares nothing with earlier ones. */
    Run start() throws Exception;
  }

  /** One run of the work, and what comes after it. */
  public interface Run extends AutoCloseable {

    /**
     * Does the work; ends early where the observer crashes it.
     *
     * @param observer to be given to the code under test
     */
    void work(Observer observer) throws Exception;

    /** Does what a restarted process does, and then asserts what must hold, crash or not. */
    void recover() throws Exception;

    /** Lets go of what the run has opened. */
    @Override
    default void close() {}
  }
}
