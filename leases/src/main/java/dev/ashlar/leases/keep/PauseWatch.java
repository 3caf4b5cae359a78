package dev.ashlar.leases.keep;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/*
 * Three clocks are compared, because each of them is blind in one way:
 *
 *                          elapsed    wall       planned wake-ups
 *   collector, SIGSTOP     goes on    goes on    late                  noticed by the wake-ups
 *   machine suspended      stands     goes on    on time, by elapsed   noticed by the wall clock
 *   clock set ahead        goes on    jumps      on time               taken for a suspension: costs a request
 *   clock set back         goes on    jumps      on time               nothing
 *
 * Whoever looks compares with the last wake-up, so a thread that runs before the timer after a pause
 * notices it too. Nothing here ends a lease or makes it longer: what is noticed makes its holder ask.
 */

/**
 * Notices that this process, or its machine, stood still: a state machine that is told the time.
 *
 * <p><b>Threads.</b> Safe.
 */
final class PauseWatch {

  private final long tickNanos;
  private final long pauseNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Seen seen;

  /**
   * Begins.
   *
   * @param tick how often {@link #tick} is planned
   * @param pause how long a pause must be to be told of
   */
  PauseWatch(Duration tick, Duration pause, long nowNanos, Instant wall) {
    this.tickNanos = tick.toNanos();
    this.pauseNanos = pause.toNanos();
    this.seen = new Seen(nowNanos, wall, 0);
  }

  /** Takes a planned wake-up into account, and returns how many pauses there were so far. */
  long tick(long nowNanos, Instant wall) {
    lock.lock();
    try {
      Seen last = seen;
      long pauses = last.pauses() + (isPause(last, nowNanos, wall) ? 1 : 0);
      seen = new Seen(nowNanos, wall, pauses);
      return pauses;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many pauses there were so far. */
  long look(long nowNanos, Instant wall) {
    Seen last = seen;
    return isPause(last, nowNanos, wall) || isBehind(last, wall)
        ? tick(nowNanos, wall)
        : last.pauses();
  }

  private boolean isPause(Seen last, long nowNanos, Instant wall) {
    long elapsed = nowNanos - last.nanos();
    boolean late = elapsed - tickNanos > pauseNanos;
    Duration stood = Duration.between(last.wall(), wall).minusNanos(elapsed);
    return late || stood.compareTo(Duration.ofNanos(pauseNanos)) > 0;
  }

  /** A clock that was set back is where to compare from. */
  private boolean isBehind(Seen last, Instant wall) {
    return wall.isBefore(last.wall().minusNanos(pauseNanos));
  }

  private record Seen(long nanos, Instant wall, long pauses) {}
}
