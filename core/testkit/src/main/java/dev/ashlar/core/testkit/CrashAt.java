package dev.ashlar.core.testkit;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops a protocol at one of its named steps, as the death of its process would.
 *
 * <p><b>Guarantees.</b> At the chosen step, and at every step that any thread comes to afterwards,
 * {@link SimulatedCrash} is thrown: a dead process takes no further step.
 *
 * <p><b>Not guaranteed.</b> That code between the crash and the next step does not run: {@code
 * finally} blocks do. Whatever a real crash would take away (connections, memory) the test takes
 * away.
 *
 * <p><b>Threads.</b> Safe.
 *
 * @see CrashPoints
 */
public final class CrashAt implements Observer {

  private static final String ANY = "";
  private static final int NEVER = Integer.MAX_VALUE;

  private final String name;
  private final int occurrence;
  private final Object lock = new Object();
  private final List<String> passed = new ArrayList<>();
  private int seen;
  private boolean crashed;

  private CrashAt(String name, int occurrence) {
    if (occurrence < 1) {
      throw new IllegalArgumentException("occurrence: " + occurrence + " (expected: >= 1)");
    }
    this.name = requireNonNull(name, "name");
    this.occurrence = occurrence;
  }

  /** Returns an observer that crashes when the step of that name comes for the first time. */
  public static CrashAt named(String name) {
    return named(name, 1);
  }

  /**
   * Returns an observer that crashes when the step of that name comes for the n-th time.
   *
   * @param name of the step
   * @param occurrence counts from 1
   */
  public static CrashAt named(String name, int occurrence) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name: empty (expected: the name of a step)");
    }
    return new CrashAt(name, occurrence);
  }

  /** Returns an observer that crashes at the n-th step of all, counted from 1. */
  public static CrashAt nth(int n) {
    return new CrashAt(ANY, n);
  }

  /** Returns an observer that never crashes and only notes the steps. */
  public static CrashAt recording() {
    return new CrashAt(ANY, NEVER);
  }

  @Override
  public void step(String step) {
    synchronized (lock) {
      if (!crashed && (name.equals(ANY) || name.equals(step))) {
        seen++;
        crashed = seen == occurrence;
      }
      if (crashed) {
        throw new SimulatedCrash(step);
      }
      passed.add(step);
    }
  }

  /** Returns the names of the steps that were passed, in order; not the one of the crash. */
  public List<String> passed() {
    synchronized (lock) {
      return List.copyOf(passed);
    }
  }

  /** Returns whether the crash has come. */
  public boolean hasCrashed() {
    synchronized (lock) {
      return crashed;
    }
  }
}
