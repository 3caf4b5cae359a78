package dev.ashlar.messaging.consume;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.Optional;

/*
 * Times of a message that a consumer holds, all elapsed:
 *
 *   asked            renewAt        2/3            asked + visibility
 *   |-------- 1/3 ------|-------------|---------------|
 *
 * The visibility is counted from before the request was sent, so the consumer believes it over before
 * the queue does. A third leaves room for two more tries. The ceiling is counted from when the message
 * came, and again from when its handling began.
 */

/** One message in the hands of a consumer. */
final class Holding {

  private final Delivery delivery;
  private final Duration visibility;
  private final long handlingMaxNanos;
  private final Optional<Long> expiresAtNanos;
  private volatile long ceilingNanos;
  private volatile long renewAtNanos;
  private volatile boolean dropped;

  Holding(Delivery delivery, long askedNanos, Duration visibility, Duration handlingMax) {
    this.delivery = delivery;
    this.visibility = visibility;
    this.handlingMaxNanos = handlingMax.toNanos();
    this.expiresAtNanos = delivery.timeToLive().map(left -> askedNanos + left.toNanos());
    this.ceilingNanos = askedNanos + handlingMaxNanos;
    this.renewAtNanos = askedNanos + third();
  }

  private long third() {
    return Math.max(1, visibility.toNanos() / 3);
  }

  Delivery delivery() {
    return delivery;
  }

  void start(long nowNanos) {
    ceilingNanos = nowNanos + handlingMaxNanos;
  }

  boolean isExpired(long nowNanos) {
    return expiresAtNanos.isPresent() && nowNanos - expiresAtNanos.get() >= 0;
  }

  Deadline handlingEnd(TimeSource time) {
    return Deadline.after(Duration.ofNanos(Math.max(0, ceilingNanos - time.nanos())), time);
  }

  Deadline oneVisibility(TimeSource time) {
    return Deadline.after(visibility, time);
  }

  long renewAtNanos() {
    return renewAtNanos;
  }

  boolean isRenewalDue(long nowNanos) {
    return !dropped && nowNanos - renewAtNanos >= 0;
  }

  Duration untilRenewal(long nowNanos) {
    return dropped ? Duration.ofHours(1) : Duration.ofNanos(Math.max(1, renewAtNanos - nowNanos));
  }

  /** No settlement is asked of the queue any more; the message goes to somebody else in time. */
  void drop() {
    dropped = true;
  }

  /**
   * Renews the visibility.
   *
   * @return {@code false} if it is not, and will not be: the ceiling is reached, or the message has
   *     gone to somebody else
   */
  boolean renewedOrDropped(TimeSource time, Observer observer) throws InterruptedException {
    long now = time.nanos();
    if (now - ceilingNanos >= 0) {
      observer.count("consumer.ceiling", 1);
      dropped = true;
      return false;
    }
    // Never beyond the ceiling by more than one visibility, and so the last renewal is the last.
    renewAtNanos = now + third();
    try {
      if (delivery.renew(Deadline.after(Duration.ofNanos(third()), time)) == Settlement.APPLIED) {
        observer.count("consumer.renewed", 1);
        return true;
      }
      observer.count("consumer.stale", 1);
      dropped = true;
      return false;
    } catch (BackendException e) {
      observer.count("consumer.renew.failed", 1);
      return true;
    }
  }
}
