package dev.ashlar.messaging.disk;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.journal.Journal;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the parts of one open queue share. The lock is never held over I/O. */
final class QueueEngine {

  /**
   * The least time that the disk is given for an answer. A deadline is about waiting for room or
   * for a message; one that has come already still does what can be done now, and that takes a
   * write.
   */
  private static final Duration DISK_LEAST = Duration.ofSeconds(1);

  final String name;
  final QueueOptions options;
  final QueueBounds bounds;
  final TimeSource time;
  final Observer observer;
  final Journal journal;
  final QueueClock clock;
  final QueueNumbers numbers;
  final QueueState state;
  final QueueChanges changes;

  final ReentrantLock lock = new ReentrantLock();
  private final Condition due = lock.newCondition();
  private final Condition room = lock.newCondition();
  private int receiversWaiting;
  private int sendersWaiting;
  private boolean closed;

  QueueEngine(QueueOpening opening, QueueReplay found) {
    this.name = opening.name();
    this.options = opening.options();
    this.bounds = opening.bounds();
    this.time = opening.time();
    this.observer = opening.observer();
    this.journal = found.journal();
    this.clock = found.clock();
    this.numbers = new QueueNumbers(found.lastSeq());
    this.state = found.state();
    this.changes = new QueueChanges(this);
  }

  /** How a queue is opened. */
  record QueueOpening(
      String name, QueueOptions options, QueueBounds bounds, TimeSource time, Observer observer) {}

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("queue " + name + ": closed (expected: open)");
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Closes it for everybody; returns whether it was open. */
  boolean close() {
    lock.lock();
    try {
      boolean wasOpen = !closed;
      closed = true;
      due.signalAll();
      room.signalAll();
      return wasOpen;
    } finally {
      lock.unlock();
    }
  }

  Deadline disk(Deadline deadline) {
    return deadline.remainingNanos() < DISK_LEAST.toNanos()
        ? Deadline.after(DISK_LEAST, time)
        : deadline;
  }

  /** Waits until something may be due, at most until the deadline or until something is. */
  void awaitDue(Deadline deadline) throws InterruptedException {
    OptionalLong next = state.nextDue();
    Deadline until =
        next.isEmpty()
            ? deadline
            : deadline.shortenedTo(Duration.ofNanos(Math.max(0, next.getAsLong() - clock.now())));
    receiversWaiting++;
    try {
      time.await(due, until);
    } finally {
      receiversWaiting--;
    }
  }

  /** Waits for room for one message. */
  boolean awaitRoom(Deadline deadline) throws InterruptedException {
    requireOpen();
    while (!state.hasRoom()) {
      if (deadline.hasExpired()) {
        return false;
      }
      sendersWaiting++;
      try {
        time.await(room, deadline);
      } finally {
        sendersWaiting--;
      }
      requireOpen();
    }
    return true;
  }

  /** Wakes one who receives; each passes it on if there is more. */
  void wakeReceiver() {
    if (receiversWaiting > 0) {
      due.signal();
    }
  }

  void wakeReceivers() {
    if (receiversWaiting > 0) {
      due.signalAll();
    }
  }

  void wakeSenders() {
    if (sendersWaiting > 0) {
      room.signalAll();
    }
  }
}
