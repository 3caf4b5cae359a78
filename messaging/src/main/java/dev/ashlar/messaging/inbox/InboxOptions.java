package dev.ashlar.messaging.inbox;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import java.time.Duration;

/**
 * Whose ids an inbox keeps, and for how long.
 *
 * <p>An id that is forgotten while its message can still come makes that message run again. So the
 * retention is checked against the horizon, the longest time after its first sending at which a
 * message can still be delivered: the queue's {@link
 * dev.ashlar.messaging.Guarantees#redeliveryHorizon()} and, before it, the time for which an outbox
 * may publish a row again.
 *
 * <p><b>Guarantees.</b> A retention below the horizon cannot be configured (INBOX-7), so that
 * cleaning up never forgets an id whose message can still be delivered (INBOX-11).
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param consumer whose effects these are; two consumers of one message both run
 * @param retention how long ids are kept
 * @param horizon how long after its first sending a message can still come
 */
public record InboxOptions(String consumer, Duration retention, Duration horizon) {

  /** Checks the bounds. */
  public InboxOptions {
    if (!IdSource.isWellFormed(consumer)) {
      throw new IllegalArgumentException(
          "consumer: "
              + consumer.length()
              + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    if (horizon.isNegative() || horizon.isZero()) {
      throw new IllegalArgumentException("horizon: " + horizon + " (expected: above 0)");
    }
    Duration longest = Deadline.LONGEST.multipliedBy(10);
    if (retention.compareTo(horizon) < 0 || retention.compareTo(longest) > 0) {
      throw new IllegalArgumentException(
          "retention: "
              + retention
              + " (expected: at least the redelivery horizon, "
              + horizon
              + ", to "
              + longest
              + ")");
    }
  }
}
