package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.Message;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A log in the memory of one process: the executable specification of {@link EventLog}, and an
 * engine for tests and for records that may be lost.
 *
 * <p><b>Guarantees.</b> The contract, and all of {@link LogGuarantees.Promise}. Durations are those
 * of the elapsed clock: a jump of the wall clock moves only the stamps of records, and never back.
 *
 * <p><b>Not guaranteed.</b> Anything beyond the process: a record that was accepted dies with it.
 *
 * <p><b>Failures.</b> {@link IllegalStateException} once it is closed.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link LogOptions}; {@value #GROUPS_MAX} groups, {@value #MEMBERS_MAX} members
 * in each, {@value #TRANSACTIONS_MAX} open transactions of {@value EventLog#BATCH_MAX} records: far
 * more than one process has use for, so that a leak is found before the memory is full. An append
 * is refused while what retention must not remove, because a transaction holds it back, fills a
 * partition.
 *
 * <pre>{@code
 * EventLog log =
 *     MemoryEventLog.of("prices", LogOptions.partitions(4), TimeSource.system(), Observer.none());
 * Position position = log.append(message.withKey("stone"), deadline);
 * }</pre>
 */
public final class MemoryEventLog implements EventLog {

  /** The most groups. */
  public static final int GROUPS_MAX = 1000;

  /** The most members of a group. */
  public static final int MEMBERS_MAX = 1000;

  /** The most transactions that are open at once. */
  public static final int TRANSACTIONS_MAX = 1000;

  private final String name;
  private final LogOptions options;
  private final Observer observer;
  private final MemoryLogState state;

  private MemoryEventLog(String name, LogOptions options, TimeSource time, Observer observer) {
    this.name = name;
    this.options = requireNonNull(options, "options");
    this.observer = requireNonNull(observer, "observer");
    this.state = new MemoryLogState(name, options, requireNonNull(time, "time"), observer);
  }

  /**
   * Returns an empty log.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param options its bounds
   * @param time its clocks
   * @param observer is told {@code log.transaction.expired}, {@code log.commit.lost} and each
   *     message handed over
   */
  public static MemoryEventLog of(
      String name, LogOptions options, TimeSource time, Observer observer) {
    checkName("name", name);
    return new MemoryEventLog(name, options, time, observer);
  }

  private static void checkName(String what, String name) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          what + ": " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public LogGuarantees guarantees() {
    return new LogGuarantees(
        EnumSet.allOf(LogGuarantees.Promise.class), Survival.PROCESS_LIFETIME, options.retention());
  }

  @Override
  public List<Partition> partitions(Deadline deadline) {
    return state.locked(
        () -> state.partitions().values().stream().map(MemoryPartition::picture).toList());
  }

  @Override
  public AppendResult tryAppend(Message message, Deadline deadline) {
    return message.handOver(name, observer, sent -> accept(sent, Optional.empty()));
  }

  @Override
  public AppendResult.Ticket submit(Message message, Deadline deadline) {
    AppendResult result = tryAppend(message, deadline);
    return until -> result;
  }

  private AppendResult accept(Message message, Optional<MemoryTransaction> transaction) {
    int size = message.payload().size();
    if (size > options.payloadMaxBytes()) {
      return new AppendResult.Refused(
          new Advice.Permanent(),
          "payload: " + size + " bytes (expected: at most " + options.payloadMaxBytes() + ")");
    }
    return state.locked(() -> state.append(message, transaction));
  }

  /**
   * Begins a transaction: what is appended in it can be read once it is committed, all of it, or
   * never. Until then it holds back what is appended behind it in the same partitions.
   *
   * @throws BackendException with {@link Effect#NONE} if {@value #TRANSACTIONS_MAX} are open
   */
  public Transaction begin() {
    return new Transaction(state.locked(state::begin));
  }

  /**
   * Splits a partition: it takes no more records, and two children share its keys.
   *
   * @return the ids of the children
   * @throws IllegalArgumentException for a partition that is not there, is closed already, or has
   *     too few keys left
   * @throws IllegalStateException if there would be more than {@value LogOptions#PARTITIONS_MAX}
   */
  public List<String> split(String partition) {
    return state.locked(() -> state.split(partition));
  }

  /**
   * Merges two neighbours: they take no more records, and one child has the keys of both.
   *
   * @return the id of the child
   * @throws IllegalArgumentException for partitions that are not there, are closed already, or are
   *     not neighbours, the lower one first
   * @throws IllegalStateException if there would be more than {@value LogOptions#PARTITIONS_MAX}
   */
  public String merge(String lower, String upper) {
    return state.locked(() -> state.merge(lower, upper));
  }

  @Override
  public LogReader reader(String partition, StartAt start, Deadline deadline) {
    return state.locked(() -> new MemoryReader(state, state.partition(partition), start));
  }

  @Override
  public GroupMember join(String group, StartAt start, Duration term) {
    checkName("group", group);
    if (term.compareTo(Duration.ofMillis(1)) < 0 || term.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("term: " + term + " (expected: PT0.001S to PT24H)");
    }
    return state.locked(
        () ->
            new MemoryMember(
                state,
                new MemoryMember.Id(name, group, state.nextMember(), term),
                state.groupFor(group, start, term)));
  }

  @Override
  public ForgetResult forget(String group, Deadline deadline) {
    checkName("group", group);
    return state.locked(() -> state.forget(group));
  }

  @Override
  public Set<String> groups(Deadline deadline) {
    return state.locked(state::groups);
  }

  @Override
  public List<Lag> lag(String group, Deadline deadline) {
    return state.locked(() -> state.lag(group));
  }

  @Override
  public List<Position> ends(Deadline deadline) {
    return state.locked(
        () ->
            state.partitions().values().stream()
                .map(MemoryPartition::end)
                .flatMap(Optional::stream)
                .toList());
  }

  @Override
  public void close() {
    state.close();
  }

  /**
   * Several appends that become visible together or not at all.
   *
   * <p><b>Threads.</b> Safe.
   *
   * <p><b>Limits.</b> {@value EventLog#BATCH_MAX} records, and {@link LogOptions#transactionMax()};
   * after that it is rolled back.
   */
  public final class Transaction implements AutoCloseable {

    private final MemoryTransaction transaction;

    private Transaction(MemoryTransaction transaction) {
      this.transaction = transaction;
    }

    /**
     * Appends a message, to be read once this is committed.
     *
     * @return refused if the transaction has ended or is full
     */
    public AppendResult append(Message message) {
      return message.handOver(name, observer, sent -> accept(sent, Optional.of(transaction)));
    }

    /**
     * Makes all of it visible.
     *
     * @return {@code false} if it was rolled back before, by its owner or because it took too long
     */
    public boolean commit() {
      return state.locked(() -> state.end(transaction, true));
    }

    /** Makes sure that none of it ever becomes visible, unless it was committed before. */
    public void rollback() {
      state.locked(() -> state.end(transaction, false));
    }

    /** Rolls back what was not committed. */
    @Override
    public void close() {
      rollback();
    }
  }
}
