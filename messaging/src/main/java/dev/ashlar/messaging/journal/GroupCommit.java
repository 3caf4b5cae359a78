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
 * Before it swaps the stages the leader gives way to whoever can run, as long as that brings more
 * records: those that were just answered are about to append again, and a force costs the same for
 * one record as for all. A lone producer does not: it would give way to other processes.
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

  /** How often the leader gives way at most, so that a batch is never held up for long. */
  private static final int GIVE_WAY_MAX = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition grown = lock.newCondition();

  /** Whether a batch costs a force, which is worth sharing. */
  private final boolean forced;

  private final Stages stages;
  private volatile boolean leading;
  private boolean closing;
  private boolean closed;

  /** Set when the one who closes has gone: then the leader closes. */
  private boolean leftToLeader;

  /** What had gathered at the last look of {@link #writeLeftovers}. */
  private Stage.@Nullable Group seen;

  GroupCommit(
      DiskOptions options, TimeSource time, Observer observer, SegmentWriter writer, Claim claim) {
    this.time = time;
    this.observer = observer;
    this.writer = writer;
    this.claim = claim;
    this.forced = options.durability() instanceof Durability.OnAppend;
    this.stages = new Stages(options, time);
  }

  void startAt(long number) {
    stages.startAt(number);
  }

  /** The number that the next acknowledged record gets. */
  long end() {
    return stages.acknowledged();
  }

  Ticket append(Payload record, long bytes, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      makeRoom(bytes, deadline);
      return new Ticket(this, stages.group(), stages.add(record));
    } finally {
      lock.unlock();
    }
  }

  Ticket append(List<? extends Payload> records, long bytes, Deadline deadline)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      makeRoom(bytes, deadline);
      return new Ticket(this, stages.group(), stages.add(records));
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom(long bytes, Deadline deadline) throws InterruptedException {
    requireOpen();
    while (!stages.hasRoomFor(bytes)) {
      if (!leading) {
        leadAndGoOn();
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
    try {
      while (!group.done) {
        if (leading) {
          if (!group.gate.await(() -> group.done || !leading, deadline)) {
            return false;
          }
        } else {
          leadFor(group);
        }
      }
    } finally {
      // Who leaves without an answer may have been woken to lead; then another must.
      if (!group.done && !leading) {
        group.gate.signal();
      }
    }
    DiskException failure = group.failure;
    if (failure != null) {
      throw failure.again(failure.effect());
    }
    return true;
  }

  private void leadFor(Stage.Group group) throws InterruptedException {
    lock.lockInterruptibly();
    boolean led = false;
    try {
      if (!leading && !group.done) {
        lead();
        led = true;
      }
    } finally {
      lock.unlock();
    }
    if (led) {
      stages.wake(group);
    }
  }

  /** Waits until the end lies beyond a number, see {@link Journal#awaitEnd}. */
  boolean awaitEnd(long beyond, Deadline deadline) throws InterruptedException {
    if (stages.acknowledged() > beyond) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      while (stages.acknowledged() <= beyond) {
        requireOpen();
        if (!leading && stages.gathered() > 0) {
          leadAndGoOn();
        } else if (!time.await(grown, deadline)) {
          return stages.acknowledged() > beyond;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what has gathered and wakes; the lock is held on entry and on return, not between. */
  private void leadAndGoOn() {
    Stage.Group group = stages.group();
    lead();
    lock.unlock();
    try {
      stages.wake(group);
    } finally {
      lock.lock();
    }
  }

  /**
   * Writes what has gathered. The lock is held on entry and on return, and not between; who is to
   * know is woken by the caller.
   */
  private void lead() {
    if (stages.gathered() == 0) {
      return;
    }
    leading = true;
    if (forced && stages.isShared()) {
      giveWay();
    }
    Stage stage = stages.take();
    long first = stages.acknowledged();
    lock.unlock();
    DiskException failure = null;
    boolean crashed = true;
    try {
      failure = write(stage, first);
      crashed = false;
    } catch (RuntimeException | Error e) {
      // An observer's crash, or a bug: whatever it was, nobody is told that the batch is there.
      failure = writer.poison(e);
      throw e;
    } finally {
      lock.lock();
      stages.settle(stage, failure);
      passOn();
      if (crashed) {
        stages.wake(stage.group());
      }
    }
    if (leftToLeader) {
      finishInPlaceOfTheCloser();
    }
  }

  /** Writes a batch, and returns what the disk has against it. */
  private @Nullable DiskException write(Stage stage, long first) {
    try {
      writer.write(stage, first);
      return null;
    } catch (DiskException e) {
      return e;
    }
  }

  /**
   * Lets others append while that brings more records; the lock is free meanwhile. Where giving way
   * does nothing the batches are smaller, and that is all.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private void giveWay() {
    int before = -1;
    for (int i = 0; i < GIVE_WAY_MAX && stages.gathered() != before; i++) {
      before = stages.gathered();
      lock.unlock();
      try {
        Thread.yield();
      } finally {
        lock.lock();
      }
    }
  }

  /** Gives the lead away, and wakes those who wait under the lock. */
  private void passOn() {
    leading = false;
    room.signalAll();
    grown.signalAll();
  }

  /** Writes what has gathered and was here before already: nobody seems to wait for it. */
  void writeLeftovers() {
    lock.lock();
    try {
      boolean waiting = !leading && stages.gathered() > 0;
      if (waiting && seen == stages.group()) {
        leadAndGoOn();
      }
      seen = waiting ? stages.group() : null;
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
      withTheLead(writer::force);
      stages.group().gate.signal();
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
      if (Claim.await(() -> !leading, room, deadline)) {
        finish();
      } else {
        leftToLeader = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Does I/O as the leader; the lock is held on entry and on return, and not between. */
  private void withTheLead(Runnable io) {
    leading = true;
    lock.unlock();
    try {
      io.run();
    } finally {
      lock.lock();
      passOn();
    }
  }

  private void finish() {
    try {
      leadAndGoOn();
      closed = true;
      withTheLead(writer::close);
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
      stages.refuse(writer.poison(new IllegalStateException("abandoned")));
      writer.abandon();
      grown.signalAll();
    } finally {
      lock.unlock();
      claim.end();
    }
  }
}
