package dev.ashlar.messaging.disk;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is due in the order of numbers, and what becomes due by itself; a message stands where its
 * state says. Guarded by the queue's lock.
 */
final class QueueSchedule {

  private final QueueOrder ready = new QueueOrder(QueueOrder.By.NUMBER);

  /**
   * Those in flight, by the end of their visibility, which nearly always is the order they left.
   */
  private final QueueOrder inFlight = new QueueOrder(QueueOrder.By.DUE);

  private final QueueHeap timed = new QueueHeap(QueueOrder.By.DUE);

  int readyCount() {
    return ready.size();
  }

  /** The next that is due; there must be one. */
  QueueLive firstReady() {
    return ready.first();
  }

  void add(QueueLive live) {
    switch (live.state) {
      case READY -> ready.add(live);
      case IN_FLIGHT -> inFlight.add(live);
      case TIMED -> timed.add(live);
      default -> {
        // It waits for somebody else, and not for its turn or its time.
      }
    }
  }

  void remove(QueueLive live) {
    switch (live.state) {
      case READY -> ready.remove(live);
      case IN_FLIGHT -> inFlight.remove(live);
      case TIMED -> timed.remove(live);
      default -> {
        // It stands nowhere.
      }
    }
  }

  /** Returns the moment at which something next becomes due by itself, if anything does. */
  OptionalLong nextDue() {
    QueueLive next = next();
    return next == null ? OptionalLong.empty() : OptionalLong.of(next.due);
  }

  private @Nullable QueueLive next() {
    if (inFlight.isEmpty()) {
      return timed.isEmpty() ? null : timed.first();
    }
    QueueLive left = inFlight.first();
    return timed.isEmpty() || left.due <= timed.first().due ? left : timed.first();
  }

  /** Takes out the next that has become due, if there is one. */
  @Nullable QueueLive takeDue(long now) {
    QueueLive next = next();
    if (next == null || next.due > now) {
      return null;
    }
    remove(next);
    return next;
  }
}
