package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Deadline;
import java.time.Duration;

/**
 * The bounds of a {@link JdbcOutbox}.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> 100,000 unsent rows, about an hour of 30 a second while the broker is away;
 * rows are removed as soon as they are sent; a row whose sending was begun 7 days ago and never
 * noted as done is not sent again.
 *
 * @param backlogMax the most unsent rows, parked ones included
 * @param retention how long sent rows are kept; zero removes them at once
 * @param republishWindow how long after the first attempt to send a row it may be sent again.
 *     Behind that it is parked, because an inbox may have forgotten its id. Add it to the
 *     redelivery horizon of the queue that the rows go to, to get the horizon of an inbox there
 */
public record JdbcOutboxOptions(int backlogMax, Duration retention, Duration republishWindow) {

  /** Checks the bounds. */
  public JdbcOutboxOptions {
    if (backlogMax < 1 || backlogMax > 100_000_000) {
      throw new IllegalArgumentException(
          "backlogMax: " + backlogMax + " (expected: 1 to 100000000)");
    }
    if (retention.isNegative() || retention.compareTo(Deadline.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "retention: " + retention + " (expected: 0 to " + Deadline.LONGEST + ")");
    }
    if (republishWindow.compareTo(Duration.ofMillis(1)) < 0
        || republishWindow.compareTo(Deadline.LONGEST) > 0) {
      throw new IllegalArgumentException(
          "republishWindow: "
              + republishWindow
              + " (expected: PT0.001S to "
              + Deadline.LONGEST
              + ")");
    }
  }

  /** Returns the defaults. */
  public static JdbcOutboxOptions defaults() {
    return new JdbcOutboxOptions(100_000, Duration.ZERO, Duration.ofDays(7));
  }

  /** Returns these options with another bound on unsent rows. */
  public JdbcOutboxOptions withBacklogMax(int changed) {
    return new JdbcOutboxOptions(changed, retention, republishWindow);
  }

  /** Returns these options with another retention of sent rows. */
  public JdbcOutboxOptions withRetention(Duration changed) {
    return new JdbcOutboxOptions(backlogMax, changed, republishWindow);
  }

  /** Returns these options with another window for sending again. */
  public JdbcOutboxOptions withRepublishWindow(Duration changed) {
    return new JdbcOutboxOptions(backlogMax, retention, changed);
  }
}
