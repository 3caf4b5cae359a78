package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Crew;
import dev.ashlar.examples.benchmarks.Measured;
import dev.ashlar.examples.benchmarks.Window;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads that acquire and release as fast as they are let. It fails where two hold a lock at the
 * same time, or a number does not grow.
 */
final class Pairs {

  private static final String ROLE = "holder";

  private final Locks locks;
  private final boolean claiming;
  private final Window window;

  /**
   * Prepares a run.
   *
   * @param claiming whether each holder claims its resource before it releases
   */
  Pairs(Locks locks, boolean claiming, Window window) {
    this.locks = locks;
    this.claiming = claiming;
    this.window = window;
  }

  /** Runs with a lock for each thread, or one for all. */
  Measured run(int threads, boolean contended) throws Exception {
    Crew crew = new Crew(window);
    Held one = new Held("one");
    crew.start(ROLE, threads, number -> pairs(contended ? one : new Held("own-" + number)));
    return crew.join(ROLE);
  }

  private Measured pairs(Held held) throws Exception {
    Measured measured = new Measured(window);
    TimeSource time = window.time();
    Deadline deadline = window.deadline();
    long after;
    do {
      long before = time.nanos();
      Locks.Hold hold = locks.acquire(held.name, deadline);
      held.begin(hold.token());
      if (claiming && !hold.claim(deadline)) {
        throw new IllegalStateException("claim: none (expected: one)");
      }
      held.end();
      hold.release(deadline);
      after = time.nanos();
      if (window.counts(after)) {
        measured.latencies().add(after - before);
      }
    } while (!measured.isEnough(after, 1));
    return measured;
  }

  /** What the process itself knows about one lock. */
  private static final class Held {
    private final String name;
    private final AtomicBoolean taken = new AtomicBoolean();

    /** Of the last holder; written by holders, which only one is at a time. */
    private volatile long token;

    Held(String name) {
      this.name = name;
    }

    void begin(long next) {
      if (!taken.compareAndSet(false, true)) {
        throw new IllegalStateException(name + ": held twice (expected: once)");
      }
      if (next != 0 && next <= token) {
        throw new IllegalStateException(name + ": " + next + " (expected: above " + token + ")");
      }
      token = next;
    }

    void end() {
      taken.set(false);
    }
  }
}
