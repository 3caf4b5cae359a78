package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What a subscription is like.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> A subscription that does not block may refuse for 10 s before its policy is
 * applied: longer than a consumer takes to restart, shorter than what others should wait.
 *
 * @param life how long it stays
 * @param whenFull what becomes of messages that its queue does not take, or that a log does not
 *     keep for it any longer
 * @param patience for how long its queue may refuse, or not answer, before {@link WhenFull#DROP} or
 *     {@link WhenFull#DETACH} is applied; over a log the retention is that
 */
public record SubscriptionOptions(Life life, WhenFull whenFull, Duration patience) {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Checks the parts. */
  public SubscriptionOptions {
    requireNonNull(life, "life");
    requireNonNull(whenFull, "whenFull");
    if (patience.isNegative() || patience.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "patience: " + patience + " (expected: 0 to " + Duration.ofDays(1) + ")");
    }
  }

  /** Returns the options of a subscription that stays until it is ended, and never loses any. */
  public static SubscriptionOptions durable() {
    return new SubscriptionOptions(Life.DURABLE, WhenFull.BLOCK, PATIENCE);
  }

  /** Returns the options of a subscription that lives while it is used, and delays nobody. */
  public static SubscriptionOptions whileUsed() {
    return new SubscriptionOptions(Life.TRANSIENT, WhenFull.DROP, PATIENCE);
  }

  /** Returns these options with another policy. */
  public SubscriptionOptions withWhenFull(WhenFull changed, Duration after) {
    return new SubscriptionOptions(life, changed, after);
  }

  /** How long a subscription stays. */
  public enum Life {
    /** Until it is ended: it gets what is published while nobody receives. */
    DURABLE,
    /**
     * While somebody receives, settles or renews; after a term of silence it has ended, as if it
     * had been unsubscribed.
     */
    TRANSIENT
  }

  /** What becomes of messages for which the subscription has no room. */
  public enum WhenFull {
    /**
     * They wait, and others may come to wait too, as the topic's coupling says. Over a log, which
     * does not wait, receiving fails from the first one on that is lost.
     */
    BLOCK,
    /** They are dropped for this subscription, and counted as {@code topic.dropped}. */
    DROP,
    /** The subscription is detached, and counted as {@code topic.detached}. */
    DETACH
  }
}
