package dev.ashlar.messaging.journal;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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
 */
/**
 * Numbered records in files, appended in groups, read back in order, forgotten from the front.
 *
 * <p><b>Guarantees.</b> An acknowledged record is read back, with its number and content, after the
 * death of the process, and of the machine as {@link Durability} says. Numbers are consecutive and
 * begin at 0. The records of one append are there after a crash all or none. A record that was not
 * acknowledged may be there after a crash, or not.
 *
 * <p><b>Not guaranteed.</b> That damage to the last batch is told from a torn one after a crash, if
 * there is one folder only.
 *
 * <p><b>Failures.</b> {@link DiskException}.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Two buffers of at most 256 KiB or one record; appends beyond wait for room.
 */
public final class Journal implements AutoCloseable {

  private final List<Disk> disks;
  private final DiskOptions options;
  private final TimeSource time;
  private final Segments segments;
  private final SegmentWriter writer;
  private final Upkeep upkeep;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private Stage filling;
  private Stage idle;
  private long next;
  private boolean leading;
  private boolean closed;
  private volatile long acknowledged;

  private Journal(
      List<Disk> disks,
      DiskOptions options,
      TimeSource time,
      Observer observer,
      Recovery.Result found) {
    this.disks = disks;
    this.options = options;
    this.time = time;
    this.observer = observer;
    this.segments = new Segments(found.names());
    this.writer = new SegmentWriter(disks, options, segments, time, observer);
    this.next = found.next();
    this.acknowledged = next;
    this.filling = new Stage(options, lock.newCondition());
    this.idle = new Stage(options, lock.newCondition());
    this.upkeep = new Upkeep(this, disks, options, time, observer);
  }

  /** Opens the folders of the options, and recovers what a crash left. */
  public static Journal open(DiskOptions options, TimeSource time, Observer observer) {
    List<Disk> disks = new ArrayList<>();
    options.folders().forEach(folder -> disks.add(new FolderDisk(folder)));
    Journal journal = open(disks, options, time, observer);
    journal.upkeep.start();
    return journal;
  }

  /** Opens given disks, without a thread of its own. */
  static Journal open(List<Disk> disks, DiskOptions options, TimeSource time, Observer observer) {
    requireNonNull(time, "time");
    try {
      for (Disk disk : disks) {
        claim(disk);
      }
      return new Journal(disks, options, time, observer, new Recovery(disks, observer).run());
    } catch (RuntimeException | Error e) {
      release(disks);
      throw e;
    }
  }

  private static void claim(Disk disk) {
    try {
      disk.claim();
    } catch (IOException e) {
      throw SegmentWriter.failure("claim the folder", disk, FolderDisk.OWNER, Effect.NONE, e);
    }
  }

  /** Appends one record; see {@link #append(List, Deadline)}. */
  public Ticket append(Payload record, Deadline deadline) throws InterruptedException {
    long bytes = checked(record.size());
    lock.lockInterruptibly();
    try {
      makeRoom(bytes, deadline);
      filling.add(record);
      return new Ticket(this, filling.group(), next++);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends records that belong together, and returns at once unless the buffers are full.
   *
   * @param records 1 or more, together no larger than a batch
   * @param deadline how long to wait for room
   * @throws BackendException without effect, {@link Advice.Overloaded}, if there was no room in
   *     time
   * @throws IllegalStateException once it is closed
   */
  public Ticket append(List<? extends Payload> records, Deadline deadline)
      throws InterruptedException {
    long bytes = 0;
    for (Payload record : records) {
      bytes += checked(record.size());
    }
    if (records.isEmpty() || bytes > Stage.bodyMaxBytes(options)) {
      throw new IllegalArgumentException(
          "records: "
              + records.size()
              + " of "
              + bytes
              + " bytes (expected: 1 or more, up to "
              + Stage.bodyMaxBytes(options)
              + " bytes)");
    }
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

  private long checked(int size) {
    if (size < 0 || size > options.recordMaxBytes()) {
      throw new IllegalArgumentException(
          "record: " + size + " bytes (expected: at most " + options.recordMaxBytes() + ")");
    }
    return (long) BatchFormat.LENGTH_BYTES + size;
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
    if (closed) {
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
    filling.settled().signal();
    room.signalAll();
    idle = stage;
  }

  private static void fail(Stage stage, DiskException failure) {
    stage.group().failure = failure;
    stage.group().done = true;
    stage.settled().signalAll();
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
        filling.settled().signal();
        room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of the oldest record that is still there. */
  public long first() {
    List<Name> names = segments.names();
    return names.isEmpty() ? acknowledged : names.get(0).first();
  }

  /** Returns the number that the next acknowledged record gets. */
  public long end() {
    return acknowledged;
  }

  /**
   * Returns a reader that begins at a record, or at the first that is left if that one is
   * forgotten.
   *
   * @param from 0 to {@link #end}
   */
  public JournalReader reader(long from) {
    if (from < 0 || from > end()) {
      throw new IllegalArgumentException("from: " + from + " (expected: 0 to " + end() + ")");
    }
    return reader(disks, from);
  }

  /** A reader that looks into the folders in a given order. */
  JournalReader reader(List<Disk> order, long from) {
    return new JournalReader(this, order, segments, observer, from);
  }

  /** Returns where the oldest segment ends, if it is no longer written to. */
  public OptionalLong endOfOldest() {
    List<Name> names = segments.names();
    return names.size() < 2 ? OptionalLong.empty() : OptionalLong.of(names.get(1).first());
  }

  /**
   * Forgets records from the front, in whole files: some before the number may stay, and may be
   * there again after a crash.
   *
   * @return the oldest record that is left
   */
  public long forgetBefore(long number) {
    lock.lock();
    try {
      requireOpen();
      List<Name> names = segments.names();
      for (int i = 0; i + 1 < names.size() && names.get(i + 1).first() <= number; i++) {
        forget(names.get(i));
      }
      return first();
    } finally {
      lock.unlock();
    }
  }

  private void forget(Name name) {
    segments.remove(name);
    for (Disk disk : disks) {
      try {
        disk.delete(name.toString());
        disk.sync();
      } catch (NoSuchFileException alreadyGone) {
        // Another folder may still have it.
      } catch (IOException e) {
        throw SegmentWriter.failure("forget", disk, name.toString(), Effect.UNKNOWN, e);
      }
    }
  }

  /** Writes what has gathered, seals the last segment and gives the folders back. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      while (leading) {
        room.awaitUninterruptibly();
      }
      lead();
      closed = true;
      takeTheLead();
      try {
        writer.close();
      } finally {
        lock.lock();
        leading = false;
        room.signalAll();
      }
    } finally {
      lock.unlock();
      upkeep.stop();
      release(disks);
    }
  }

  /** Lets everything go without writing or sealing, as a crash of the process does. For tests. */
  void abandon() {
    upkeep.stop();
    lock.lock();
    try {
      closed = true;
      writer.abandon();
    } finally {
      lock.unlock();
    }
    release(disks);
  }

  private static void release(List<Disk> disks) {
    for (Disk disk : disks) {
      try {
        disk.close();
      } catch (IOException unlocked) {
        // The lock ends with the channel whether closing it succeeds or not.
      }
    }
  }
}
