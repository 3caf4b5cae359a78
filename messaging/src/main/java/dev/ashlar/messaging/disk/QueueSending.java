package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages in: makes sure of room, puts them on their way into the journal, and tells what
 * became of them. The order of messages is that of their records.
 */
final class QueueSending {

  /** How many messages may be on their way, so that who never asks for outcomes finds a bound. */
  private static final int UNDERWAY_MAX = 10_000;

  private static final SendResult ACCEPTED = new SendResult.Accepted();

  private final QueueEngine engine;
  private final QueueReading reading;
  private long pending;
  private long bytes;

  QueueSending(QueueEngine engine, QueueReading reading) {
    this.engine = engine;
    this.reading = reading;
  }

  /** How many messages are on their way, and not known to be there or not; under the lock. */
  long pending() {
    return pending;
  }

  /** How many bytes were sent since the last time that this was asked; under the lock. */
  long takeBytes() {
    long taken = bytes;
    bytes = 0;
    return taken;
  }

  long bytes() {
    return bytes;
  }

  /** Messages on their way as one. */
  final class Group extends QueueChange {
    private final List<QueueRecord.Sent> records;

    Group(List<QueueRecord.Sent> records) {
      super(engine);
      this.records = records;
      pending += records.size();
    }

    @Override
    void apply(long first, long now) {
      pending -= records.size();
      for (int i = 0; i < records.size(); i++) {
        bytes += records.get(i).size();
      }
      engine.wakeReceiver();
    }

    @Override
    void undo() {
      pending -= records.size();
      long gone =
          records.stream().filter(each -> each.isNumberedAbove(reading.passed().last())).count();
      reading.passed().addGaps(gone);
      engine.state.reserve(-records.size());
      engine.wakeSenders();
    }
  }

  /** A message on its way, or what became of it. */
  static final class Underway implements SendResult.Ticket, Operation.Ending {
    /** Of a message that is gathered with others; nobody asks it. */
    static final Underway GATHERED = new Underway(null, null);

    private final @Nullable Group group;
    private volatile @Nullable SendResult result;

    Underway(@Nullable Group group, @Nullable SendResult result) {
      this.group = group;
      this.result = result;
    }

    @Override
    public SendResult await(Deadline deadline) throws InterruptedException {
      SendResult known = result;
      Group asked = group;
      if (known != null || asked == null) {
        return known == null ? unanswered() : known;
      }
      try {
        if (!asked.await(deadline)) {
          return unanswered();
        }
        known = ACCEPTED;
      } catch (BackendException e) {
        known = refusedOrUnknown(e);
      }
      result = known;
      return known;
    }

    /** An observer of a message that is on its way learns that it was put there. */
    @Override
    public Optional<String> failure() {
      SendResult known = result;
      return known == null ? Optional.empty() : known.failure();
    }
  }

  static SendResult unanswered() {
    return new SendResult.Unknown(QueueChange.unanswered());
  }

  private static SendResult refusedOrUnknown(BackendException e) {
    return e.effect() == Effect.NONE
        ? new SendResult.Refused(e.advice(), String.valueOf(e.getMessage()))
        : new SendResult.Unknown(e);
  }

  /** Puts one message on its way. */
  Underway submit(Message message, Duration delay, Deadline deadline) throws InterruptedException {
    SendResult refusal = tooBig(message);
    if (refusal == null) {
      refusal = parkFull(message, deadline);
    }
    if (refusal != null) {
      return new Underway(null, refusal);
    }
    Group group = null;
    while (group == null) {
      QueueChange oldest = null;
      engine.lock.lockInterruptibly();
      try {
        engine.requireOpen();
        if (pending >= UNDERWAY_MAX) {
          oldest = engine.changes.oldest();
        } else if (engine.awaitRoom(deadline)) {
          engine.state.reserve(1);
          group = begin(List.of(record(message, delay)));
        } else {
          return new Underway(null, full());
        }
      } finally {
        engine.lock.unlock();
      }
      if (oldest != null && !QueueChanges.settle(oldest, deadline) && deadline.hasExpired()) {
        return new Underway(null, tooManyUnderway());
      }
    }
    return underway(group, deadline);
  }

  private SendResult tooManyUnderway() {
    return new SendResult.Refused(
        new Advice.Overloaded(Duration.ZERO),
        "queue " + engine.name + ": sends under way (expected: at most " + UNDERWAY_MAX + ")");
  }

  private QueueRecord.Sent record(Message message, Duration delay) {
    long now = engine.clock.now();
    return new QueueRecord.Sent(engine.numbers, message, now + delay.toNanos(), now);
  }

  /** Begins to send messages for which there is room; the lock is held. */
  Group begin(List<QueueRecord.Sent> records) {
    return engine.changes.begin(new Group(records));
  }

  /** Appends messages as one; what becomes of them, they share. */
  Underway underway(Group group, Deadline deadline) throws InterruptedException {
    SendResult result = null;
    try {
      group.append(group.records, deadline);
    } catch (BackendException e) {
      result = refusedOrUnknown(e);
    }
    return new Underway(group, result);
  }

  @Nullable SendResult tooBig(Message message) {
    int size = message.payload().size();
    int most = engine.options.payloadMaxBytes();
    if (size > most) {
      return new SendResult.Refused(
          new Advice.Permanent(), "payload: " + size + " bytes (expected: at most " + most + ")");
    }
    int whole = MessageFormat.sizeBytes(message) + QueueRecord.EXTRA_MAX_BYTES;
    int record = engine.bounds.disk().recordMaxBytes();
    if (whole > record) {
      return new SendResult.Refused(
          new Advice.Permanent(),
          "message: " + whole + " bytes (expected: at most " + record + ", a record's)");
    }
    return null;
  }

  /** Refused at once: only a person ends it, and nobody waits that long in a call. */
  @Nullable SendResult parkFull(Message message, Deadline deadline) throws InterruptedException {
    if (message.key().isEmpty()) {
      return null;
    }
    String key = message.key().get();
    engine.lock.lockInterruptibly();
    try {
      engine.requireOpen();
      if (engine.state.lines().isDead(key)) {
        readAhead(deadline);
      }
      if (!engine.state.lines().isFull(key)) {
        return null;
      }
    } finally {
      engine.lock.unlock();
    }
    engine.observer.count("queue.park.full", 1);
    return new SendResult.Refused(
        new Advice.Overloaded(Duration.ZERO),
        "queue "
            + engine.name
            + ": key is dead (expected: fewer parked, see "
            + engine.options.deadKey()
            + ")");
  }

  /** What is parked is known of messages in hand only, so all are taken in hand; under the lock. */
  void readAhead(Deadline deadline) throws InterruptedException {
    Deadline disk = engine.disk(deadline);
    while (!disk.hasExpired()) {
      engine.requireOpen();
      if (reading.mayLoadAll()) {
        reading.load();
      } else if (reading.isLoading()) {
        engine.awaitDue(disk);
      } else {
        return;
      }
    }
  }

  SendResult full() {
    engine.observer.count("queue.full", 1);
    return new SendResult.Refused(
        new Advice.Overloaded(Duration.ZERO),
        "queue " + engine.name + ": full (capacity: " + engine.options.capacity() + ")");
  }

  /** Sends many, in groups of which each is there whole or not at all. */
  List<SendResult> sendAll(List<Message> messages, Deadline deadline) throws InterruptedException {
    QueueBatch batch = new QueueBatch(engine, this, messages.size(), deadline);
    try {
      Message.Store<Underway, InterruptedException> taking = batch::take;
      for (Message message : messages) {
        message.handOver(engine.name, engine.observer, taking);
      }
      batch.flush();
      return batch.results();
    } finally {
      batch.giveBack();
    }
  }
}
