package dev.ashlar.core.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.Optional;

/**
 * Waits, in real time and with an end, for what another thread or process will do.
 *
 * <p>For what a test cannot be told of. Where a condition, a ticket or {@link
 * CountingObserver#awaitCount} can tell, that is faster and says more.
 *
 * <p><b>Failures.</b> {@link AssertionError} that names what did not come; whatever the condition
 * itself throws comes out at once.
 *
 * <p><b>Limits.</b> Looks every 5 milliseconds, which keeps a busy machine free for what is
 * awaited.
 */
public final class Eventually {

  private static final Duration STEP = Duration.ofMillis(5);

  private Eventually() {}

  /**
   * Waits until a condition holds.
   *
   * @param what named in the failure
   * @param realTimeout how long at most
   * @param condition looked at again and again, at least once
   */
  public static void holds(String what, Duration realTimeout, Check condition) throws Exception {
    value(what, realTimeout, () -> condition.holds() ? Optional.of(true) : Optional.empty());
  }

  /**
   * Waits until there is a value, and returns it.
   *
   * @param what named in the failure
   * @param realTimeout how long at most
   * @param source asked again and again, at least once
   */
  public static <T> T value(String what, Duration realTimeout, Source<T> source) throws Exception {
    Deadline deadline = Deadline.after(realTimeout, TimeSource.system());
    while (true) {
      // The clock is read before the state, or a slow look could miss what came in time.
      boolean last = deadline.hasExpired();
      Optional<T> value = source.get();
      if (value.isPresent()) {
        return value.get();
      }
      if (last) {
        throw new AssertionError(what + ": not within " + realTimeout);
      }
      TimeSource.system().sleep(STEP);
    }
  }

  /**
   * Waits until an assertion passes; the last failure comes out if it never does.
   *
   * @param realTimeout how long at most
   * @param assertion made again and again, at least once
   */
  public static void passes(Duration realTimeout, Assertion assertion) throws Exception {
    Deadline deadline = Deadline.after(realTimeout, TimeSource.system());
    while (true) {
      boolean last = deadline.hasExpired();
      try {
        assertion.run();
        return;
      } catch (AssertionError e) {
        if (last) {
          throw e;
        }
      }
      TimeSource.system().sleep(STEP);
    }
  }

  /** Whether something holds by now. */
  @FunctionalInterface
  public interface Check {

    /** Returns whether it holds. */
    boolean holds() throws Exception;
  }

  /**
   * Where a value may be by now.
   *
   * @param <T> what is waited for
   */
  @FunctionalInterface
  public interface Source<T> {

    /** Returns the value, if it is there. */
    Optional<T> get() throws Exception;
  }

  /** Throws {@link AssertionError} until something holds. */
  @FunctionalInterface
  public interface Assertion {

    /** Asserts. */
    void run() throws Exception;
  }
}
