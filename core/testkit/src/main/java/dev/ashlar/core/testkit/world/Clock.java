package dev.ashlar.core.testkit.world;

import java.time.Instant;

/**
 * The two clocks of a place as functions of true time: straight lines between the moments at which
 * something is done to them.
 *
 * <p>The elapsed counter begins anywhere, and in one of four worlds overflows within the first
 * minute; the wall clock is off by up to ten seconds.
 */
final class Clock {

  static final Instant WALL_START = Instant.parse("2026-01-02T03:04:05Z");

  private static final long MINUTE = 60_000_000_000L;
  private static final long OFF_MAX = 10_000_000_000L;

  private final long origin;
  private long since;
  private long elapsedThen;
  private long wallThen;
  private double rate = 1;
  private boolean still;

  Clock(long seed) {
    long anywhere = Chance.mix(seed, 1);
    boolean overflows = Chance.unit(Chance.mix(seed, 2)) < 0.25;
    this.origin = overflows ? Long.MAX_VALUE - Chance.below(anywhere, MINUTE) : anywhere;
    this.wallThen = Chance.below(Chance.mix(seed, 3), 2 * OFF_MAX) - OFF_MAX;
  }

  /** Returns what the elapsed counter shows. */
  long nanos(long now) {
    return origin + elapsed(now);
  }

  /** Returns how far the elapsed counter has come since the beginning. */
  long elapsed(long now) {
    return elapsedThen + (still ? 0 : scaled(now - since));
  }

  Instant wall(long now) {
    return WALL_START.plusNanos(wallThen + scaled(now - since));
  }

  /** Returns the true moment at which the elapsed counter will have come so far; or never. */
  long momentOf(long elapsed, long now) {
    if (still) {
      return Long.MAX_VALUE;
    }
    long moment = now + (long) Math.ceil((elapsed - elapsed(now)) / rate);
    // Rounding may leave the counter just short of it, and then a timer would run out early.
    while (elapsed(moment) < elapsed) {
      moment++;
    }
    return moment;
  }

  void setRate(double changed, long now) {
    settle(now);
    rate = changed;
  }

  void setStill(boolean changed, long now) {
    settle(now);
    still = changed;
  }

  void jumpWall(long by) {
    wallThen += by;
  }

  boolean isStill() {
    return still;
  }

  /** Rounds, so every timer must be set anew afterwards. */
  private void settle(long now) {
    elapsedThen = elapsed(now);
    wallThen += scaled(now - since);
    since = now;
  }

  private long scaled(long length) {
    return rate == 1 ? length : (long) (length * rate);
  }
}
