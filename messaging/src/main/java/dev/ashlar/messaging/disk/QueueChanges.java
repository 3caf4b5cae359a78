package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The changes whose outcome is open, in the order in which they began. Guarded by the lock. */
final class QueueChanges {

  private final QueueEngine engine;
  private final ArrayDeque<QueueChange> open = new ArrayDeque<>();

  QueueChanges(QueueEngine engine) {
    this.engine = engine;
  }

  <C extends QueueChange> C begin(C change) {
    trim();
    open.addLast(change);
    return change;
  }

  private void trim() {
    while (!open.isEmpty() && open.peekFirst().isResolved()) {
      open.pollFirst();
    }
  }

  /** No record of an open change, and of none that begins later, has a smaller number. */
  long floor() {
    trim();
    return open.isEmpty()
        ? engine.journal.end()
        : Math.min(open.getFirst().floor, engine.journal.end());
  }

  /** Finds out about those that nobody waits for any more. */
  void settle(Deadline deadline) throws InterruptedException {
    List<QueueChange> asked = new ArrayList<>();
    engine.lock.lock();
    try {
      trim();
      for (QueueChange each : open) {
        if (!each.isResolved()) {
          asked.add(each);
        }
      }
    } finally {
      engine.lock.unlock();
    }
    for (QueueChange each : asked) {
      if (each.isToBeAsked()) {
        settle(each, deadline);
      }
    }
  }

  /** Returns whether the outcome of a change is known now. */
  static boolean settle(QueueChange change, Deadline deadline) throws InterruptedException {
    try {
      return change.await(deadline);
    } catch (BackendException takenBack) {
      // Whoever began it is told so when asking.
      return true;
    }
  }

  /** The oldest of which the outcome is open; there must be one. */
  QueueChange oldest() {
    trim();
    return open.getFirst();
  }
}
