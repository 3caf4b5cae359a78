package dev.ashlar.core.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The threads that wait for moments of one clock, guarded by that clock's lock. */
final class Waiters {

  private static final Duration LINGERING = Duration.ofMillis(200);

  private final List<Waiter> all = new ArrayList<>();

  /** Notes a thread, which no longer waits for any other moment. */
  Waiter add(long moment, Thread thread) {
    Waiter waiter = new Waiter(moment, thread);
    all.removeIf(former -> former.thread.equals(thread));
    all.add(waiter);
    return waiter;
  }

  void remove(Waiter waiter) {
    all.remove(waiter);
  }

  /** Forgets those whose moment has come. */
  void wake(long now) {
    all.removeIf(waiter -> waiter.isDue(now));
  }

  int count() {
    return present().size();
  }

  LongStream moments() {
    return present().stream().mapToLong(waiter -> waiter.moment);
  }

  private List<Waiter> present() {
    all.removeIf(Waiter::isGone);
    return all;
  }

  /** A thread that sleeps or awaits, or did a moment ago; equal to itself only. */
  static final class Waiter {
    private final long moment;
    private final Thread thread;
    private @Nullable Deadline lingersUntil;

    private Waiter(long moment, Thread thread) {
      this.moment = moment;
      this.thread = thread;
    }

    boolean isDue(long now) {
      return moment <= now;
    }

    /** Counts for a while yet, although the thread was sent back to its caller. */
    void linger() {
      lingersUntil = Deadline.after(LINGERING, TimeSource.system());
    }

    private boolean isGone() {
      return lingersUntil != null && lingersUntil.hasExpired();
    }
  }
}
