package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.journal.Ticket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change that must last: begun under the lock, written without it, and carried through in
 * memory, or taken back, once it is known how the writing ended. If whoever began it cannot wait so
 * long, {@link QueueUpkeep} does.
 */
abstract class QueueChange {

  private final QueueEngine engine;

  /** Its records will have no smaller numbers; {@link Long#MAX_VALUE} once it is resolved. */
  long floor;

  private boolean resolved;
  private volatile boolean abandoned;
  private volatile @Nullable Ticket ticket;

  QueueChange(QueueEngine engine) {
    this.engine = engine;
    this.floor = engine.journal.end();
  }

  /** Carries it through; the lock is held. */
  abstract void apply(long first, long now);

  /** Takes it back; the lock is held. */
  abstract void undo();

  boolean isResolved() {
    return resolved;
  }

  /**
   * Writes records, all or none.
   *
   * @throws BackendException if they were not written, or it is not known
   */
  void write(List<? extends Payload> records, Deadline deadline) throws InterruptedException {
    append(records, deadline);
    if (!await(deadline)) {
      throw unanswered();
    }
  }

  static BackendException unanswered() {
    return new BackendException(
        "disk: no answer in time", Effect.UNKNOWN, new Advice.Transient(), null);
  }

  /** Puts the records on their way. */
  void append(List<? extends Payload> records, Deadline deadline) throws InterruptedException {
    boolean appended = false;
    try {
      Deadline disk = engine.disk(deadline);
      ticket =
          records.size() == 1
              ? engine.journal.append(records.get(0), disk)
              : engine.journal.append(records, disk);
      appended = true;
    } finally {
      if (!appended) {
        resolve(false);
      }
    }
  }

  /**
   * Waits for the outcome.
   *
   * @return whether it came in time; the change has been carried through then
   * @throws DiskException if it failed, and was taken back
   */
  boolean await(Deadline deadline) throws InterruptedException {
    Ticket mine = ticket;
    if (mine == null) {
      return false;
    }
    boolean open = false;
    boolean written = false;
    try {
      written = mine.await(engine.disk(deadline));
      open = !written;
      return written;
    } catch (InterruptedException e) {
      open = true;
      throw e;
    } finally {
      if (open) {
        abandoned = true;
      } else {
        resolve(written);
      }
    }
  }

  /** Whether somebody should ask for the outcome, because it is there or nobody else will. */
  boolean isToBeAsked() {
    Ticket mine = ticket;
    return mine != null && (abandoned || mine.first() < engine.journal.end());
  }

  private void resolve(boolean written) {
    engine.lock.lock();
    try {
      if (resolved) {
        return;
      }
      resolved = true;
      floor = Long.MAX_VALUE;
      Ticket mine = ticket;
      if (written && mine != null) {
        apply(mine.first(), engine.clock.now());
      } else {
        undo();
      }
    } finally {
      engine.lock.unlock();
    }
  }
}
