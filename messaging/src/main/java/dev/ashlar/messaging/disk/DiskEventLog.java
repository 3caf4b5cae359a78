package dev.ashlar.messaging.disk;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.ForgetResult;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.Lag;
import dev.ashlar.messaging.log.LogGuarantees;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A log in files of its own, which survives its process.
 *
 * <p>All partitions share one journal, so one request to the disk answers whoever appends and
 * commits meanwhile, in whatever partition. What that costs is paid by a reader that is behind: it
 * passes over the records of other partitions, as far as an index in memory cannot spare it that.
 *
 * <p><b>Guarantees.</b> The contract, and of {@link LogGuarantees.Promise} what {@link
 * #guarantees()} says. What was accepted, and what was committed, is there after the death of the
 * process, and of the machine as {@link DiskOptions#durability()} says. Epochs grow across
 * openings. {@link #appendTogether} appends all or nothing, also across a crash.
 *
 * <p><b>Not guaranteed.</b> That retention keeps what it need not: what a partition has beyond
 * {@link LogOptions#retentionBytes()}, or all together beyond that times the number of partitions,
 * goes oldest first, about a sixteenth at a time. Age is counted by the elapsed clock; at opening
 * the wall clock says once how old everything is.
 *
 * <p><b>Failures.</b> {@link DiskException} from opening, reading, joining and committing. An
 * append is refused where the disk certainly has nothing of it, and unknown where nobody can know.
 * {@link IllegalStateException} once it is closed.
 *
 * <p><b>Threads.</b> Safe. No thread of its own beside the journal's: whoever waits, for an answer
 * or for records, may be the one who writes for all, and then waits as long as the disk takes.
 *
 * <p><b>Limits.</b> {@link LogOptions}, {@link DiskOptions}; {@value #GROUPS_MAX} groups, {@value
 * #MEMBERS_MAX} members in each. In memory there are the newest 4 MiB of records, some 8 MiB that
 * lagging readers have read last, and an index of at most about 1 MiB, whatever the log holds.
 *
 * <pre>{@code
 * EventLog log =
 *     DiskEventLog.open(
 *         "prices",
 *         DiskOptions.folder(folder),
 *         LogOptions.partitions(4).withRetention(Duration.ofDays(7), 10L << 30),
 *         TimeSource.system(),
 *         Observer.none());
 * Position position = log.append(message.withKey("stone"), deadline);
 * }</pre>
 *
 * @see dev.ashlar.messaging.log.MemoryEventLog for the same in memory
 */
public final class DiskEventLog implements EventLog {

  /** The most groups. */
  public static final int GROUPS_MAX = 1000;

  /** The most members of a group. */
  public static final int MEMBERS_MAX = 1000;

  /** What a group's record needs beside its places. */
  private static final int GROUP_BYTES = 128;

  private static final int PLACE_BYTES = 16;

  private final LogEngine engine;
  private final LogOptions options;
  private final Survival survival;

  private DiskEventLog(LogEngine engine, LogOptions options, Survival survival) {
    this.engine = engine;
    this.options = options;
    this.survival = survival;
  }

  /**
   * Opens a log, and makes it if its folders are empty.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param disk where its files are; they belong to this log alone
   * @param options its bounds; the number of partitions is for good, all else may change from
   *     opening to opening
   * @param time its clocks
   * @param observer is told {@code log.commit.lost}, {@code log.checkpoint.failed}, the steps
   *     {@code log.appended}, {@code log.committing}, {@code log.committed}, {@code
   *     log.checkpoint.begun}, {@code log.checkpoint.written}, {@code log.segment.forgotten}, what
   *     the journal tells, and each message handed over
   * @throws DiskException {@code IN_USE} if another process or object has it open, and for all
   *     other reasons
   * @throws IllegalArgumentException if it was made with another number of partitions
   * @throws BackendException if the files hold something else than a log
   */
  public static DiskEventLog open(
      String name, DiskOptions disk, LogOptions options, TimeSource time, Observer observer)
      throws InterruptedException {
    checkName("name", name);
    requireNonNull(time, "time");
    checkRecords(disk, options);
    Journal journal = Journal.open(disk, time, observer);
    boolean opened = false;
    try {
      DiskEventLog log = on(name, journal, options, disk, new LogState.Watch(time, observer));
      opened = true;
      return log;
    } finally {
      if (!opened) {
        journal.close();
      }
    }
  }

  /** Returns the log in a journal, which it closes. */
  static DiskEventLog on(
      String name, Journal journal, LogOptions options, DiskOptions disk, LogState.Watch watch)
      throws InterruptedException {
    LogEngine engine = LogEngine.open(name, journal, options, disk, watch);
    return new DiskEventLog(engine, options, DiskSurvival.of(disk));
  }

  private static void checkName(String what, String name) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          what + ": " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  private static void checkRecords(DiskOptions disk, LogOptions options) {
    int least =
        Math.max(options.payloadMaxBytes(), PLACE_BYTES * options.partitions() + GROUP_BYTES);
    if (disk.recordMaxBytes() < least) {
      throw new IllegalArgumentException(
          "recordMaxBytes: "
              + disk.recordMaxBytes()
              + " (expected: at least "
              + least
              + ", for the biggest payload, and for a group's place in each partition)");
    }
  }

  LogEngine engine() {
    return engine;
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public LogGuarantees guarantees() {
    return new LogGuarantees(
        EnumSet.of(LogGuarantees.Promise.SNAPSHOT, LogGuarantees.Promise.TRANSACTIONS),
        survival,
        options.retention());
  }

  @Override
  public List<Partition> partitions(Deadline deadline) {
    return engine.state().locked(view -> view.partitions).stream()
        .map(id -> new Partition(id, Set.of(), true))
        .toList();
  }

  @Override
  public AppendResult tryAppend(Message message, Deadline deadline) throws InterruptedException {
    return message.handOver(
        name(), engine.observer(), sent -> engine.writer().append(sent, deadline));
  }

  @Override
  public AppendResult.Ticket submit(Message message, Deadline deadline)
      throws InterruptedException {
    return message.handOver(
        name(), engine.observer(), sent -> engine.writer().submit(sent, deadline));
  }

  /**
   * Appends messages that become visible together or not at all, also to readers of several
   * partitions, and also after a crash.
   *
   * @param messages at most {@value EventLog#BATCH_MAX}, and together not larger than one record
   *     may be: {@link DiskOptions#recordMaxBytes()}
   * @return for each the same kind of result
   */
  public List<AppendResult> appendTogether(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    if (messages.isEmpty() || messages.size() > BATCH_MAX) {
      throw new IllegalArgumentException(
          "messages: " + messages.size() + " (expected: 1 to " + BATCH_MAX + ")");
    }
    List<Message> sent = new ArrayList<>(messages.size());
    for (Message message : messages) {
      sent.add(message.handOver(name(), engine.observer(), each -> each));
    }
    return engine.writer().appendTogether(sent, deadline);
  }

  @Override
  public LogReader reader(String partition, StartAt start, Deadline deadline)
      throws InterruptedException {
    return engine.reader(partition, start);
  }

  @Override
  public GroupMember join(String group, StartAt start, Duration term) throws InterruptedException {
    checkName("group", group);
    if (term.compareTo(Duration.ofMillis(1)) < 0 || term.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("term: " + term + " (expected: PT0.001S to PT24H)");
    }
    return engine.groups().join(group, start, term);
  }

  @Override
  public ForgetResult forget(String group, Deadline deadline) throws InterruptedException {
    checkName("group", group);
    return engine.groups().forget(group, deadline);
  }

  @Override
  public Set<String> groups(Deadline deadline) throws InterruptedException {
    engine.state().catchUp();
    return engine.state().locked(view -> Set.copyOf(view.groups.keySet()));
  }

  @Override
  public List<Lag> lag(String group, Deadline deadline) throws InterruptedException {
    return engine.lag(group);
  }

  @Override
  public List<Position> ends(Deadline deadline) throws InterruptedException {
    engine.state().catchUp();
    return engine.state().locked(DiskEventLog::ends);
  }

  private static List<Position> ends(LogView view) {
    List<Position> ends = new ArrayList<>();
    for (int i = 0; i < view.partitions.size(); i++) {
      long last = view.blocks.end(i).number();
      if (last > 0) {
        ends.add(Position.of(view.partitions.get(i), last));
      }
    }
    return ends;
  }

  /** Closes the log, and leaves a checkpoint, so that the next opening has nothing to read. */
  @Override
  public void close() {
    engine.close();
  }
}
