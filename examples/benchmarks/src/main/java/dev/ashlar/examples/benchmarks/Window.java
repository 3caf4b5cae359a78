package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;

/**
 * When to measure: after a warm-up, for a while, and no more than so many.
 *
 * @param fromNanos on the elapsed clock
 * @param untilNanos on the elapsed clock
 * @param countMost of what is counted, so that no peer fills the disk
 * @param deadline of every call: one for all, so that none has to make its own
 * @param time the clocks
 */
public record Window(
    long fromNanos, long untilNanos, long countMost, Deadline deadline, TimeSource time) {

  private static final long MILLIS_MOST = 3_600_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Longer than any stall that was seen, by far; a run that meets it has failed. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Returns the window of the settings, whose warm-up begins now. */
  public static Window fromNow(Settings settings, TimeSource time) throws BadUse {
    long warmUp = settings.number("warm-up-millis", 0, MILLIS_MOST);
    long window = settings.number("window-millis", 1, MILLIS_MOST);
    long from = time.nanos() + warmUp * NANOS_PER_MILLI;
    Deadline deadline = Deadline.after(PATIENCE.plusMillis(warmUp + window), time);
    return new Window(
        from,
        from + window * NANOS_PER_MILLI,
        settings.number("count-max", 1, Long.MAX_VALUE),
        deadline,
        time);
  }

  /** Whether a moment is after the warm-up. */
  public boolean counts(long nanos) {
    return nanos - fromNanos >= 0;
  }

  /** Whether a moment is after all. */
  public boolean isOver(long nanos) {
    return nanos - untilNanos > 0;
  }
}
