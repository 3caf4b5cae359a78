package dev.ashlar.messaging.disk;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.journal.Ticket;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a log writes into its journal, and what became of it. */
final class LogWriter {

  /** What stands before each record in a batch of the journal. */
  private static final int LENGTH_BYTES = 4;

  private final Journal journal;
  private final LogState state;
  private final LogOptions options;
  private final int recordMax;
  private final TimeSource time;
  private final Observer observer;
  private final AtomicInteger unkeyed = new AtomicInteger();

  /** The greatest of all that were written; guarded by the journal, which writes one at a time. */
  private long lastStamp;

  LogWriter(Journal journal, LogState state, LogView view, DiskOptions disk, LogState.Watch watch) {
    this.journal = journal;
    this.state = state;
    this.options = view.options;
    this.recordMax = disk.recordMaxBytes();
    this.time = watch.time();
    this.observer = watch.observer();
    this.lastStamp = view.lastStamp();
  }

  /** Appends a message that has all its headers. */
  AppendResult append(Message message, Deadline deadline) throws InterruptedException {
    return begin(message, deadline).await(deadline);
  }

  /** Begins to append a message that has all its headers, and need not be awaited. */
  AppendResult.Ticket submit(Message message, Deadline deadline) throws InterruptedException {
    AppendResult.Ticket ticket = begin(message, deadline);
    if (ticket instanceof Underway underway) {
      state.submitted(requireNonNull(underway.ticket, "ticket").first());
    }
    return ticket;
  }

  private AppendResult.Ticket begin(Message message, Deadline deadline)
      throws InterruptedException {
    Optional<AppendResult> refused = refusal(message);
    if (refused.isPresent()) {
      return new Answered(refused.get());
    }
    Underway record = record(message);
    if (record.size() > recordMax) {
      return new Answered(
          refused("record", record.size(), recordMax, " with all that a message has"));
    }
    try {
      record.ticket = journal.append(record, deadline);
    } catch (BackendException e) {
      return new Answered(resultOf(e));
    }
    record.message = null;
    state.begun(record.size());
    return record;
  }

  private Optional<AppendResult> refusal(Message message) {
    int size = message.payload().size();
    return size > options.payloadMaxBytes()
        ? Optional.of(refused("payload", size, options.payloadMaxBytes(), ""))
        : Optional.empty();
  }

  private static AppendResult refused(String what, long size, long most, String how) {
    return new AppendResult.Refused(
        new Advice.Permanent(),
        what + ": " + size + " bytes" + how + " (expected: at most " + most + ")");
  }

  private Underway record(Message message) {
    int partition = partitionFor(message, options.partitions(), unkeyed);
    return new Underway(partition, message, LogFormat.nanosOf(time.wallTime()));
  }

  /**
   * The partition of a key is what its hash says, for as long as there is a log that was made by
   * this; without a key it is each in turn. The hash is the text's own, and the last steps of
   * MurmurHash3, by Austin Appleby, which spread what is alike.
   */
  static int partitionFor(Message message, int partitions, AtomicInteger unkeyed) {
    if (message.key().isEmpty()) {
      return Math.floorMod(unkeyed.getAndIncrement(), partitions);
    }
    int hash = message.key().get().hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    long spread = Integer.toUnsignedLong(hash ^ (hash >>> 16));
    return (int) ((spread * partitions) >>> 32);
  }

  /** Appends messages that become visible together or not at all. */
  List<AppendResult> appendTogether(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    List<Underway> records = new ArrayList<>(messages.size());
    long bytes = 0;
    for (Message message : messages) {
      Optional<AppendResult> refused = refusal(message);
      if (refused.isPresent()) {
        return forEach(messages.size(), refused.get());
      }
      Underway record = record(message);
      records.add(record);
      bytes += LENGTH_BYTES + record.size();
    }
    if (bytes > recordMax) {
      return forEach(messages.size(), refused("messages", bytes, recordMax, " together"));
    }
    try {
      Ticket ticket = journal.append(records, deadline);
      state.begun(bytes);
      return results(ticket, records, deadline);
    } catch (BackendException e) {
      return forEach(messages.size(), resultOf(e));
    }
  }

  private List<AppendResult> results(Ticket ticket, List<Underway> records, Deadline deadline)
      throws InterruptedException {
    List<AppendResult> results = new ArrayList<>(records.size());
    for (int i = 0; i < records.size(); i++) {
      results.add(resultOf(ticket, records.get(i).partition, i, deadline));
    }
    return results;
  }

  private static List<AppendResult> forEach(int count, AppendResult result) {
    List<AppendResult> results = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      results.add(result);
    }
    return results;
  }

  private AppendResult resultOf(Ticket ticket, int partition, int index, Deadline deadline)
      throws InterruptedException {
    try {
      if (!ticket.await(deadline)) {
        return new AppendResult.Unknown(unanswered());
      }
    } catch (BackendException e) {
      return resultOf(e);
    }
    observer.step("log.appended");
    state.appended();
    return new AppendResult.Accepted(Position.of(LogFormat.id(partition), ticket.first() + index));
  }

  private static AppendResult resultOf(BackendException e) {
    return e.effect() == Effect.NONE
        ? new AppendResult.Refused(e.advice(), String.valueOf(e.getMessage()))
        : new AppendResult.Unknown(e);
  }

  private static BackendException unanswered() {
    return new BackendException(
        "journal: no answer in time", Effect.UNKNOWN, new Advice.Transient(), null);
  }

  /**
   * Appends a record that is no message, and waits until the journal has it.
   *
   * @throws BackendException if it has not, or nobody knows
   */
  void write(byte[] record, Deadline deadline) throws InterruptedException {
    if (!journal.append(Payload.of(Bytes.owning(record)), deadline).await(deadline)) {
      throw unanswered();
    }
    state.appended();
  }

  /** An append that is refused. */
  private record Answered(AppendResult result) implements AppendResult.Ticket, Operation.Ending {

    @Override
    public AppendResult await(Deadline deadline) {
      return result;
    }

    @Override
    public Optional<String> failure() {
      return result.failure();
    }
  }

  /**
   * An append that is on its way, which is a good end of handing over: what comes then, it tells
   * whoever waits for it. It is the record too, so that there is one object for both.
   */
  private final class Underway implements AppendResult.Ticket, Payload {

    private final int partition;
    private final int size;
    private final long stamp;

    /** Until the journal has it. */
    private @Nullable Message message;

    /** From then on. */
    private @Nullable Ticket ticket;

    /**
     * Describes a record.
     *
     * @param stamp now, by the wall clock
     */
    Underway(int partition, Message message, long stamp) {
      this.partition = partition;
      this.size = LogFormat.sizeBytes(message);
      this.stamp = stamp;
      this.message = message;
    }

    @Override
    public int size() {
      return size;
    }

    /** The journal calls this in the order of its numbers, and so stamps never go back. */
    @Override
    public void writeTo(OutputStream out) throws IOException {
      lastStamp = Math.max(lastStamp, stamp);
      LogFormat.write(partition, requireNonNull(message, "message"), lastStamp, out);
    }

    @Override
    public AppendResult await(Deadline deadline) throws InterruptedException {
      return resultOf(requireNonNull(ticket, "ticket"), partition, 0, deadline);
    }
  }
}
