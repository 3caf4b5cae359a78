package dev.ashlar.messaging.journal;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Leader and followers. There are two stages. Appends are copied into the one that is filling, under
 * the lock. Of those who wait for an answer, the first to find nobody leading becomes the leader: it
 * swaps the stages, gives the lock back, writes and forces the full one as one batch, takes the lock,
 * settles it, and wakes its followers, and one of those whose records gathered meanwhile: the next
 * leader. So one force answers all who came during the one before, and a lone producer pays for no
 * second thread.
 *
 *      filling   a b c          d e f g         h
 *      leader a  |--- a b c ---|
 *      leader d                 |--- d e f g ---|
 *
 * Nobody holds the lock during I/O, and nobody but the leader touches the active segment.
 *
 * When the I/O fails, everything that is not acknowledged fails: the batch itself with what the
 * writer knows about its effect, what gathered behind it with none, for not a byte of it was
 * written. Their numbers are given out again, and the next append begins a new segment.
 *
 * Closing refuses appends, and takes the lead to write what has gathered and to seal. If the lead is
 * not to be had in time, because the disk does not answer the leader, the leader does this when it
 * comes back.
 */
/** Gathers appends into batches, and has one of those who wait for them write for all. */
final class GroupCommit {

  private final TimeSource time;
  private final SegmentWriter writer;
  private final Observer observer;
  private final Claim claim;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition grown = lock.newCondition();
  private Stage filling;
  private Stage idle;
  private long next;
  private boolean leading;
  private boolean closing;
  private boolean closed;

  /** Set when the one who closes has gone: then the leader closes. */
  private boolean leftToLeader;

  private volatile long acknowledged;

  /** What had gathered at the last look of {@link #writeLeftovers}. */
  private Stage.@Nullable Group seen;

  GroupCommit(
      DiskOptions options, TimeSource time, Observer observer, SegmentWriter writer, Claim claim) {
    this.time = time;
    this.observer = observer;
    this.writer = writer;
    this.claim = claim;
    this.filling = new Stage(options, lock.newCondition());
    this.idle = new Stage(options, lock.newCondition());
  }

  void startAt(long number) {
    next = number;
    acknowledged = number;
  }

  /** The number that the next acknowledged record gets. */
  long end() {
    return acknowledged;
  }

  Ticket append(Payload record, long bytes, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      makeRoom(bytes, deadline);
      filling.add(record);
      return new Ticket(this, filling.group(), next++);
    } finally {
      lock.unlock();
    }
  }

  Ticket append(List<? extends Payload> records, long bytes, Deadline deadline)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      makeRoom(bytes, deadline);
      addAll(records);
      Ticket ticket = new Ticket(this, filling.group(), next);
      next += records.size();
      return ticket;
    } finally {
      lock.unlock();
    }
  }

  private void addAll(List<? extends Payload> records) {
    int count = filling.count();
    int bytes = filling.bodyBytes();
    boolean all = false;
    try {
      records.forEach(filling::add);
      all = true;
    } finally {
      if (!all) {
        filling.cut(count, bytes);
      }
    }
  }

  private void makeRoom(long bytes, Deadline deadline) throws InterruptedException {
    requireOpen();
    while (!filling.hasRoomFor(bytes)) {
      if (!leading) {
        lead();
      } else if (!time.await(room, deadline)) {
        throw new BackendException(
            "journal: no room in time", Effect.NONE, new Advice.Overloaded(Duration.ZERO), null);
      }
      requireOpen();
    }
  }

  private void requireOpen() {
    if (closing) {
      throw new IllegalStateException("journal: closed (expected: open)");
    }
  }

  /** Waits for a group, see {@link Ticket#await}. */
  boolean await(Stage.Group group, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!group.done) {
        if (!leading) {
          lead();
        } else if (!time.await(group.settled, deadline) && !group.done) {
          return false;
        }
      }
      DiskException failure = group.failure;
      if (failure != null) {
        throw failure.again(failure.effect());
      }
      return true;
    } finally {
      // Who leaves without an answer may have been woken to lead; then another must.
      if (!group.done && !leading) {
        group.settled.signal();
      }
      lock.unlock();
    }
  }

  /** Waits until the end lies beyond a number, see {@link Journal#awaitEnd}. */
  boolean awaitEnd(long beyond, Deadline deadline) throws InterruptedException {
    if (acknowledged > beyond) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      while (acknowledged <= beyond) {
        requireOpen();
        if (!leading && filling.count() > 0) {
          lead();
        } else if (!time.await(grown, deadline)) {
          return acknowledged > beyond;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what has gathered. The lock is held on entry and on return, and not between. */
  private void lead() {
    if (filling.count() == 0) {
      return;
    }
    Stage stage = filling;
    filling = idle;
    filling.restart();
    long first = acknowledged;
    takeTheLead();
    DiskException failure = null;
    try {
      writer.write(stage, first);
    } catch (DiskException e) {
      failure = e;
    } catch (RuntimeException | Error e) {
      // An observer's crash, or a bug: whatever it was, nobody is told that the batch is there.
      failure = writer.poison(e);
      throw e;
    } finally {
      lock.lock();
      leading = false;
      settle(stage, failure);
    }
    if (leftToLeader) {
      finishInPlaceOfTheCloser();
    }
  }

  private void takeTheLead() {
    leading = true;
    lock.unlock();
  }

  private void settle(Stage stage, @Nullable DiskException failure) {
    if (failure == null) {
      long before = acknowledged;
      acknowledged = before + stage.count();
    } else {
      fail(filling, failure.again(Effect.NONE));
      filling.restart();
      next = acknowledged;
    }
    stage.group().failure = failure;
    stage.group().done = true;
    stage.settled().signalAll();
    idle = stage;
    passOn();
  }

  private static void fail(Stage stage, DiskException failure) {
    stage.group().failure = failure;
    stage.group().done = true;
    stage.settled().signalAll();
  }

  /** Wakes those who may lead now, or look at how far it is. */
  private void passOn() {
    filling.settled().signal();
    room.signalAll();
    grown.signalAll();
  }

  /** Writes what has gathered and was here before already: nobody seems to wait for it. */
  void writeLeftovers() {
    lock.lock();
    try {
      boolean waiting = !leading && filling.count() > 0;
      if (waiting && seen == filling.group()) {
        lead();
      }
      seen = waiting ? filling.group() : null;
    } finally {
      lock.unlock();
    }
  }

  /** Forces what was acknowledged without it; for {@link Durability#every}. */
  void force() {
    lock.lock();
    try {
      if (leading || closed) {
        return;
      }
      takeTheLead();
      try {
        writer.force();
      } finally {
        lock.lock();
        leading = false;
        passOn();
      }
      if (leftToLeader) {
        finishInPlaceOfTheCloser();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses appends, writes what has gathered and seals, or leaves that to the leader if it does
   * not come back in time.
   */
  void close(Deadline deadline) {
    lock.lock();
    try {
      if (closing) {
        return;
      }
      closing = true;
      grown.signalAll();
      if (awaitTheLead(deadline)) {
        finish();
      } else {
        leftToLeader = true;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitTheLead(Deadline deadline) {
    boolean interrupted = false;
    boolean inTime = true;
    while (leading && inTime) {
      try {
        inTime = time.await(room, deadline);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !leading;
  }

  private void finish() {
    try {
      lead();
      closed = true;
      takeTheLead();
      try {
        writer.close();
      } finally {
        lock.lock();
        leading = false;
        passOn();
      }
    } finally {
      closed = true;
      claim.end();
    }
  }

  private void finishInPlaceOfTheCloser() {
    leftToLeader = false;
    try {
      finish();
    } catch (DiskException e) {
      // What was acknowledged is there; the next opening seals in place of this one.
      observer.count("journal.seal.failed", 1);
    }
  }

  /** Lets everything go without writing or sealing. */
  void abandon() {
    lock.lock();
    try {
      closing = true;
      closed = true;
      fail(filling, writer.poison(new IllegalStateException("abandoned")));
      filling.restart();
      writer.abandon();
      grown.signalAll();
    } finally {
      lock.unlock();
      claim.end();
    }
  }
}
