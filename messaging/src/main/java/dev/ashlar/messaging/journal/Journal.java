package dev.ashlar.messaging.journal;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.SegmentFormat.Name;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Numbered records in files, appended in groups, read back in order, forgotten from the front.
 *
 * <p>It is the ground under the engines on disk, and of use to whoever builds another one. It knows
 * nothing of what a record means. It is not a log to share: one journal of one process owns its
 * folders.
 *
 * <p><b>Guarantees.</b> An acknowledged record is read back, with its number and content, after the
 * death of the process, and of the machine as {@link Durability} says. Numbers are consecutive and
 * begin at 0. The records of one append are there after a crash all or none. A record that was not
 * acknowledged may be there after a crash, or not; one that failed without effect is not. What is
 * damaged is never given out: it is healed from another folder, or told with file and offset. After
 * a failure, appends go on as soon as its cause is gone.
 *
 * <p><b>Not guaranteed.</b> That damage to the last batch is told from a torn one after a crash, if
 * there is one folder only; use {@link DiskOptions#mirrors}. That what was forgotten stays
 * forgotten after a crash.
 *
 * <p><b>Failures.</b> {@link DiskException} from opening, reading, forgetting and from {@link
 * Ticket#await}, with the reason, the file and the offset. {@link BackendException} without effect,
 * {@link Advice.Overloaded}, if an append found no room in time. {@link IllegalStateException} once
 * it is closed.
 *
 * <p><b>Threads.</b> Safe. One thread of its own makes the next file, forces at intervals, scrubs,
 * and writes within about a tenth of a second what was appended and nobody waits for.
 *
 * <p><b>Limits.</b> Two buffers of at most 256 KiB or one record; appends beyond wait for room. Of
 * the records nothing is kept in memory, and of each file some 100 bytes.
 *
 * <pre>{@code
 * try (Journal journal = Journal.open(DiskOptions.folder(folder), time, Observer.none())) {
 *   Ticket ticket = journal.append(Payload.of(Bytes.utf8("paid: 42")), deadline);
 *   if (ticket.await(deadline)) { // if not, nothing is decided yet: ask again
 *     try (JournalReader reader = journal.reader(ticket.first())) {
 *       reader.read((number, array, offset, length) -> seen.add(number));
 *     }
 *   }
 * }
 * }</pre>
 */
public final class Journal implements AutoCloseable {

  /**
   * How long {@link #close()} waits: beyond any pause of a disk that still answers, short of what
   * those who stop a process allow it.
   */
  public static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final List<Disk> disks;
  private final DiskOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final Claim claim;
  private final Segments segments;
  private final GroupCommit commit;
  private final Forgetting forgetting;
  private final Upkeep upkeep;

  private Journal(
      List<Disk> disks, DiskOptions options, TimeSource time, Observer observer, Claim claim) {
    this.disks = disks;
    this.options = options;
    this.time = time;
    this.observer = observer;
    this.claim = claim;
    Recovery.Result found = new Recovery(disks, observer).run();
    this.segments = new Segments(found.names());
    SegmentWriter writer = new SegmentWriter(disks, options, segments, time, observer);
    this.commit = new GroupCommit(options, time, observer, writer, claim);
    this.forgetting = new Forgetting(disks, segments, claim);
    this.upkeep = new Upkeep(this, disks, options, time, observer);
    commit.startAt(found.next());
  }

  /**
   * Opens the folders of the options, makes them if need be, and recovers what a crash left.
   *
   * @throws DiskException {@code IN_USE} if another journal, of this process or another, has one of
   *     the folders; {@code DAMAGED} if what is there cannot be what was written; and all other
   *     reasons
   */
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
    requireNonNull(observer, "observer");
    Claim claim = Claim.of(disks);
    try {
      return new Journal(disks, options, time, observer, claim);
    } catch (RuntimeException | Error e) {
      claim.end();
      claim.awaitRelease(Deadline.after(CLOSE_MAX, time));
      throw e;
    }
  }

  /** Appends one record; see {@link #append(List, Deadline)}. */
  public Ticket append(Payload record, Deadline deadline) throws InterruptedException {
    return commit.append(record, checked(record.size()), deadline);
  }

  /**
   * Appends records that belong together, and returns at once unless the buffers are full. Whoever
   * must wait for room may be the one who writes for all, see {@link Ticket#await}.
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
    return commit.append(records, bytes, deadline);
  }

  private long checked(int size) {
    if (size < 0 || size > options.recordMaxBytes()) {
      throw new IllegalArgumentException(
          "record: " + size + " bytes (expected: at most " + options.recordMaxBytes() + ")");
    }
    return (long) BatchFormat.LENGTH_BYTES + size;
  }

  /** Returns the number of the oldest record that is still there. */
  public long first() {
    List<Name> names = segments.names();
    return names.isEmpty() ? commit.end() : names.get(0).first();
  }

  /** Returns the number that the next acknowledged record gets. */
  public long end() {
    return commit.end();
  }

  /**
   * Waits until the end lies beyond a number: until the record with this number is acknowledged.
   * Like {@link Ticket#await} it may write for all, and last beyond the deadline for that.
   *
   * @param beyond usually what {@link JournalReader#position} says
   * @return {@code false} if the deadline came first
   * @throws IllegalStateException once it is closed
   */
  public boolean awaitEnd(long beyond, Deadline deadline) throws InterruptedException {
    return commit.awaitEnd(beyond, deadline);
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
   * there again after a crash. Files that another thread is deleting are left to it.
   *
   * @return the oldest record that is left
   * @throws DiskException if a file could not be deleted; its records are out of sight, and the
   *     next call tries again
   */
  public long forgetBefore(long number) {
    forgetting.before(number);
    return first();
  }

  /** Closes it as {@link #close(Deadline)} does, within {@link #CLOSE_MAX}. */
  @Override
  public void close() {
    close(Deadline.after(CLOSE_MAX, time));
  }

  /**
   * Refuses further appends, writes what has gathered, seals the last file and gives the folders
   * back.
   *
   * <p>The only thing that can hold it up is a request that a disk does not answer. Where another
   * thread waits for that answer, the deadline ends this call: the folders stay taken until the
   * answer comes, and that thread then does what is left. Where it is this call's own request, the
   * call lasts as long as the disk takes. Nothing acknowledged depends on closing.
   *
   * @return {@code false} if the folders are not given back yet; ask again to wait on
   * @throws DiskException if what was acknowledged without a force could not be forced
   */
  public boolean close(Deadline deadline) {
    upkeep.stop();
    boolean givenBack = false;
    try {
      commit.close(deadline);
    } finally {
      givenBack = claim.awaitRelease(deadline);
    }
    return givenBack;
  }

  /** Lets everything go without writing or sealing, as a crash of the process does. For tests. */
  void abandon() {
    upkeep.stop();
    commit.abandon();
    close();
  }

  /** The id of the last segment; 0 if there is none. */
  long lastSegment() {
    List<Name> names = segments.names();
    return names.isEmpty() ? 0 : names.get(names.size() - 1).id();
  }

  /** Gives a folder a whole copy of a segment, unless it is forgotten meanwhile. */
  void restore(Name name, Disk from, Disk to) {
    unlessForgotten(name, () -> new Recovery(disks, observer).copy(from, to, name));
  }

  /** See {@link Forgetting#unlessForgotten}. */
  void unlessForgotten(Name name, Runnable task) {
    forgetting.unlessForgotten(name, task);
  }

  /** See {@link Claim#enter}. */
  boolean enter() {
    return claim.enter();
  }

  void leave() {
    claim.leave();
  }

  /** Forces what was acknowledged without it; for {@link Durability#every}. */
  void force() {
    commit.force();
  }

  /** Writes what nobody waits for. */
  void writeLeftovers() {
    commit.writeLeftovers();
  }
}
