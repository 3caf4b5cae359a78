package dev.ashlar.leases.detect;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices that this process stood still, from three clocks: the elapsed one, the wall clock, and
 * the rhythm at which it is called.
 *
 * <p>A process that was stopped for ten seconds has heard nobody for ten seconds. Who asks itself
 * first suspects a tenth as many others (Lifeguard); Cassandra has a check of the same kind.
 *
 * <p><b>Guarantees.</b> A stand-still longer than {@link #overlookedMax} is known from its end on,
 * also before the next tick, whether the elapsed clock went on meanwhile or, as in a suspended
 * machine, only the wall clock (LEASE-59).
 *
 * <p><b>Not guaranteed.</b> A wall clock that is set forward looks like a suspension, which costs
 * one more wait and no more; one that is set again and again, or a process that is always late,
 * never suspects anybody. One that is set back while the machine is suspended hides that. Nor does
 * it see that another thread of this process is starved.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Both lengths from 1 ms to an hour. Tick with the heartbeats, once a second.
 *
 * @see <a href="https://arxiv.org/abs/1707.00788">Lifeguard: local health awareness</a>
 */
public final class PauseMonitor {

  private final Duration tickEvery;
  private final Duration pauseMin;
  private final TimeSource time;
  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();

  // All below are guarded by the lock.
  private Clocks ticked;
  private long resumedNanos;
  private Optional<Pause> last = Optional.empty();

  private PauseMonitor(Duration tickEvery, Duration pauseMin, TimeSource time, Observer observer) {
    this.tickEvery = between("tickEvery", tickEvery);
    this.pauseMin = between("pauseMin", pauseMin);
    this.time = requireNonNull(time, "time");
    this.observer = requireNonNull(observer, "observer");
    this.ticked = Clocks.of(time);
    this.resumedNanos = ticked.nanos();
  }

  /**
   * Returns a monitor that begins now.
   *
   * @param tickEvery the rhythm at which {@link #tick} will be called
   * @param pauseMin how much more than that is a pause
   * @param observer counts {@code leases.pause}
   */
  public static PauseMonitor of(
      Duration tickEvery, Duration pauseMin, TimeSource time, Observer observer) {
    return new PauseMonitor(tickEvery, pauseMin, time, observer);
  }

  private static Duration between(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: PT0.001S to PT1H)");
    }
    return value;
  }

  /**
   * A stand-still.
   *
   * @param length about how long
   * @param sign which clock showed it
   */
  public record Pause(Duration length, Sign sign) {

    /** Checks the parts. */
    public Pause {
      requireNonNull(length, "length");
      requireNonNull(sign, "sign");
    }
  }

  /** Which clock showed a stand-still. */
  public enum Sign {
    /** The elapsed clock: it went on, and the tick came late. */
    LATE_TICK,
    /** The wall clock: it went on without the elapsed one; or somebody has set it. */
    WALL_AHEAD
  }

  /**
   * Both clocks, read once for all that is made of them: a stand-still between two readings would
   * belong to neither. One between the two clocks shows in the wall clock, which comes second.
   */
  private record Clocks(long nanos, Instant wall) {
    static Clocks of(TimeSource time) {
      long nanos = time.nanos();
      return new Clocks(nanos, time.wallTime());
    }
  }

  /** Compares the clocks with the last tick's; returns the stand-still, if there was one. */
  public Optional<Pause> tick() {
    Optional<Pause> found;
    lock.lock();
    try {
      Clocks now = Clocks.of(time);
      found = sinceTick(now);
      ticked = now;
      if (found.isPresent()) {
        resumedNanos = now.nanos();
        last = found;
      }
    } finally {
      lock.unlock();
    }
    found.ifPresent(pause -> observer.count("leases.pause", 1));
    return found;
  }

  /** Returns the last stand-still that a tick has found. */
  public Optional<Pause> last() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns for how long this process has run without a stand-still; zero if it has just come out
   * of one.
   */
  public Duration runningFor() {
    lock.lock();
    try {
      Clocks now = Clocks.of(time);
      return sinceTick(now).isPresent()
          ? Duration.ZERO
          : Duration.ofNanos(now.nanos() - resumedNanos);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the longest stand-still that can go unnoticed, if ticks come as planned. */
  public Duration overlookedMax() {
    return tickEvery.plus(pauseMin);
  }

  private Optional<Pause> sinceTick(Clocks now) {
    Duration elapsed = Duration.ofNanos(now.nanos() - ticked.nanos());
    Duration late = elapsed.minus(tickEvery);
    if (late.compareTo(pauseMin) > 0) {
      return Optional.of(new Pause(late, Sign.LATE_TICK));
    }
    // Durations and not nanoseconds: a wall clock may be set by centuries.
    Duration ahead = Duration.between(ticked.wall(), now.wall()).minus(elapsed);
    return ahead.compareTo(pauseMin) > 0
        ? Optional.of(new Pause(ahead, Sign.WALL_AHEAD))
        : Optional.empty();
  }
}
