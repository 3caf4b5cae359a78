package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.TimeSource;
import java.time.Duration;

/**
 * How many rows one handle may still write before it counts again.
 *
 * <p>Counting what a table holds costs as much as the table is full. So a count is good for several
 * rows: an eighth of the room that was found, at least one and at most {@value #GRANT_MAX}, for a
 * second. Near the bound every row is counted, and one handle alone keeps the bound exactly if its
 * writers come one at a time.
 *
 * <p><b>Not guaranteed.</b> Exactness among several: each writer that counts at the same moment, in
 * this process or another, may go over the bound by what it was granted.
 *
 * <p><b>Threads.</b> Safe; waits for nobody.
 */
final class Room {

  static final int GRANT_MAX = 1000;

  private static final int SHARE = 8;
  private static final long GRANT_NANOS = Duration.ofSeconds(1).toNanos();

  private final TimeSource time;
  private int left;
  private long grantedNanos;

  Room(TimeSource time) {
    this.time = time;
  }

  /** Takes up to {@code most} from what is left of the last grant. */
  synchronized int take(int most) {
    if (time.nanos() - grantedNanos > GRANT_NANOS) {
      left = 0;
    }
    int taken = Math.min(most, left);
    left -= taken;
    return taken;
  }

  /** Grants anew after a count that found {@code free} rows of room, and takes from that. */
  synchronized int grantAndTake(long free, int most) {
    if (free <= 0) {
      return 0;
    }
    int granted = (int) Math.min(GRANT_MAX, Math.max(1, free / SHARE));
    int taken = Math.min(most, granted);
    left = granted - taken;
    grantedNanos = time.nanos();
    return taken;
  }
}
