package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The moment until which something is worth doing, on the elapsed clock of one process.
 *
 * <p>A deadline is a moment, a timeout a length: passed down a chain of calls, a deadline shrinks
 * by itself while a timeout starts anew at each hop. It does not travel between processes, whose
 * clocks differ; what travels is {@link #remaining()}.
 *
 * <p><b>Guarantees.</b> {@link #remaining()} never grows, also along any chain of {@link
 * #shortenedTo} (CALL-17), whatever the wall clock does. There is no deadline without an end.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> At most {@link #LONGEST}: whoever asks for more means "for ever", and a wait
 * without end is how systems hang.
 *
 * <pre>{@code
 * Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
 * queue.send(message, deadline);
 * queue.send(another, deadline); // both within the same two seconds
 * }</pre>
 */
public final class Deadline {

  /** The longest time that a deadline may lie ahead when it is made: 365 days. */
  public static final Duration LONGEST = Duration.ofDays(365);

  private final long atNanos;
  private final TimeSource time;

  private Deadline(long atNanos, TimeSource time) {
    this.atNanos = atNanos;
    this.time = time;
  }

  /**
   * Returns the deadline that comes after {@code duration} from now.
   *
   * @param duration from zero, which is already over, to {@link #LONGEST}
   * @param time whose elapsed clock counts
   */
  public static Deadline after(Duration duration, TimeSource time) {
    if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "duration: " + duration + " (expected: 0 to " + LONGEST + ")");
    }
    return new Deadline(time.nanos() + duration.toNanos(), requireNonNull(time, "time"));
  }

  /** Returns the time left; zero once it is over, never negative. */
  public Duration remaining() {
    return Duration.ofNanos(remainingNanos());
  }

  /** Returns the time left in nanoseconds; zero once it is over, never negative. */
  public long remainingNanos() {
    return Math.max(0, atNanos - time.nanos());
  }

  /** Returns whether the moment has come. */
  public boolean hasExpired() {
    return remainingNanos() == 0;
  }

  /**
   * Returns the earlier of this deadline and {@code cap} from now.
   *
   * @param cap how long at most; zero or less is a deadline that is over
   */
  public Deadline shortenedTo(Duration cap) {
    long capNanos = Math.max(0, SystemTime.saturatedNanos(cap));
    long leftNanos = remainingNanos();
    return capNanos >= leftNanos ? this : new Deadline(time.nanos() + capNanos, time);
  }

  /** Returns the clocks that this deadline lives by. */
  public TimeSource time() {
    return time;
  }

  @Override
  public String toString() {
    return "Deadline in " + remaining();
  }
}
