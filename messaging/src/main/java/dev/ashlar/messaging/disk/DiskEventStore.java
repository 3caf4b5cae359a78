package dev.ashlar.messaging.disk;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.StoreGuarantees;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.Set;

/**
 * An event store in a folder of its own, or in several that each hold all of it.
 *
 * <p>It has no index beside its events: each event carries the way to the others, so the last one
 * is the root of all, and opening reads no more than that.
 *
 * <p><b>Guarantees.</b> The contract, and fresh reads. What was answered {@link
 * AppendResult.Appended} is there after the death of the process at any moment, and of the machine
 * as {@link Durability} says; an append that was not answered is there whole or not at all. Memory
 * does not grow with events or streams. After a full disk appends go on once there is room.
 *
 * <p><b>Not guaranteed.</b> Use by two processes: the second one is told. Removing anything.
 *
 * <p><b>Failures.</b> {@link DiskException} on opening and reading; where the disk fails an append,
 * {@link AppendResult.Refused} if nothing is stored and {@link AppendResult.Unknown} if that is not
 * known. {@link IllegalStateException} once it is closed, and for a folder of another engine.
 *
 * <p><b>Threads.</b> Safe. Appends of many threads share one force of the disk.
 *
 * <p><b>Limits.</b> {@link StoreOptions}; an append with its headers takes at most a quarter of a
 * segment. A read brings at most 16 MiB of payloads or one event, so that it fits into memory. An
 * append or a read of a stream that was not in use of late reads the disk about half as often as
 * the logarithm of the number of streams, to the base of two, less the twelve steps that are in
 * memory: four times among a million. Whatever the number of streams and events, at most 8 MiB are
 * kept of what leads to them, and 16 MiB with each folder by readers, of which there are up to 64
 * with a file of each folder open; one more for each thread that reads beyond that.
 *
 * <pre>{@code
 * EventStore store =
 *     DiskEventStore.open(
 *         "orders", StoreOptions.capacity(1_000_000_000), DiskOptions.folder(folder), time, observer);
 * AppendResult result =
 *     store.append(new StreamName("order-7"), ExpectedEnd.none(), List.of(placed), deadline);
 * }</pre>
 */
public final class DiskEventStore implements EventStore {

  private final String name;
  private final Survival survival;
  private final StoreOptions options;
  private final Observer observer;
  private final Journal journal;
  private final StoreWriter writer;
  private volatile boolean closed;

  private DiskEventStore(
      String name,
      Survival survival,
      StoreWriter.Setting setting,
      Journal journal,
      StoreWriter writer) {
    this.name = name;
    this.survival = survival;
    this.options = setting.options();
    this.observer = setting.observer();
    this.journal = journal;
    this.writer = writer;
  }

  /**
   * Opens the store in the folders, or makes it.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param options its bounds; they may differ from opening to opening
   * @param disk the folders, which are this store's alone
   * @param time its clocks
   * @param observer is told {@code store.conflict}, {@code store.id-taken}, {@code store.retried},
   *     {@code store.full}, each append handed over, the steps {@code store.judged}, {@code
   *     store.taken} and {@code store.appended}, and those of the journal
   */
  public static DiskEventStore open(
      String name, StoreOptions options, DiskOptions disk, TimeSource time, Observer observer) {
    return open(name, options, disk, new Surroundings(time, observer, StoreKey::of, Journal::open));
  }

  /** Makes a journal. */
  interface Opening {
    Journal open(DiskOptions options, TimeSource time, Observer observer);
  }

  /** What a store lives in; tests bring keys that are no good, and disks that fail. */
  record Surroundings(TimeSource time, Observer observer, StoreKey.Hash hash, Opening journal) {

    Surroundings {
      requireNonNull(time, "time");
      requireNonNull(observer, "observer");
      requireNonNull(hash, "hash");
    }
  }

  static DiskEventStore open(
      String name, StoreOptions options, DiskOptions disk, Surroundings around) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    DiskOptions fitted = fitted(options, disk);
    Journal journal = around.journal.open(fitted, around.time, around.observer);
    boolean opened = false;
    try {
      // What the journal gathers at once; more than this makes its callers wait.
      int gathered = Math.min(256 << 10, fitted.segmentBytes() / 4);
      StoreWriter.Setting setting =
          new StoreWriter.Setting(
              options,
              around.time,
              around.observer,
              fitted.recordMaxBytes(),
              Math.max(gathered, fitted.recordMaxBytes()));
      StoreWriter writer = new StoreWriter(name, journal, new StoreNodes(), setting, around.hash);
      opened = true;
      return new DiskEventStore(name, DiskSurvival.of(fitted), setting, journal, writer);
    } finally {
      if (!opened) {
        journal.close();
      }
    }
  }

  /** Records are as large as a whole append may be, so that one of one event fits. */
  private static DiskOptions fitted(StoreOptions options, DiskOptions disk) {
    int most = Math.min(disk.segmentBytes() / 4, 16 << 20);
    long overhead = StoreFormat.OVERHEAD_MAX_BYTES;
    if (options.appendMaxBytes() + overhead > most) {
      throw new IllegalArgumentException(
          "appendMaxBytes: "
              + options.appendMaxBytes()
              + " (expected: at most a quarter of a segment and 16 MiB, less the overhead: "
              + (most - overhead)
              + ")");
    }
    return new DiskOptions(disk.folders(), disk.durability(), disk.segmentBytes(), most);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public StoreOptions options() {
    return options;
  }

  @Override
  public StoreGuarantees guarantees() {
    return new StoreGuarantees(Set.of(StoreGuarantees.Promise.FRESH_READS), survival);
  }

  @Override
  public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
    requireNonNull(deadline, "deadline");
    return append.handOver(name, observer, sent -> store(sent, deadline));
  }

  private AppendResult store(Append append, Deadline deadline) throws InterruptedException {
    checkOpen();
    if (append.payloadBytes() > options.appendMaxBytes()) {
      return new AppendResult.Refused(
          new Advice.Permanent(),
          "payloads: "
              + append.payloadBytes()
              + " bytes (expected: at most "
              + options.appendMaxBytes()
              + ")");
    }
    AppendResult result = writer.append(append, deadline);
    if (result instanceof AppendResult.Conflict) {
      observer.count("store.conflict", 1);
    } else if (result instanceof AppendResult.IdTaken) {
      observer.count("store.id-taken", 1);
    }
    return result;
  }

  @Override
  public Slice read(StreamName stream, long after, int most, Deadline deadline)
      throws InterruptedException {
    if (after < 0) {
      throw new IllegalArgumentException("after: " + after + " (expected: >= 0)");
    }
    if (most < 1 || most > READ_MAX) {
      throw new IllegalArgumentException("most: " + most + " (expected: 1 to " + READ_MAX + ")");
    }
    requireNonNull(deadline, "deadline");
    checkOpen();
    return writer.read(stream.value(), after, most);
  }

  @Override
  public void close() {
    closed = true;
    writer.close();
    journal.close();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("store " + name + ": closed (expected: open)");
    }
  }
}
