package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages in: makes sure of room, puts them on their way into the journal, and tells what
 * became of them. The order of messages is that of their records.
 */
final class QueueSending {

  /** How many bytes of a batch go to the journal as one; what any journal takes. */
  private static final int GROUP_BYTES = 16 << 10;

  /** How many messages may be on their way, so that who never asks for outcomes finds a bound. */
  private static final int UNDERWAY_MAX = 10_000;

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
  private final class Group extends QueueChange {
    private final List<QueueRecord.Sent> records;

    Group(List<QueueRecord.Sent> records) {
      super(engine);
      this.records = records;
      pending += records.size();
    }

    @Override
    void apply(long first, long now) {
      pending -= records.size();
      records.forEach(each -> bytes += each.size());
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
    private final @Nullable Group group;
    private volatile @Nullable SendResult result;

    private Underway(@Nullable Group group, @Nullable SendResult result) {
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
      SendResult answer = outcome(asked, deadline);
      if (!(answer instanceof SendResult.Unknown unknown
          && unknown.cause().getClass() == BackendException.class)) {
        result = answer;
      }
      return answer;
    }

    /** An observer of a message that is on its way learns that it was put there. */
    @Override
    public Optional<String> failure() {
      SendResult known = result;
      return known == null ? Optional.empty() : known.failure();
    }
  }

  private static SendResult outcome(Group group, Deadline deadline) throws InterruptedException {
    try {
      return group.await(deadline) ? new SendResult.Accepted() : unanswered();
    } catch (BackendException e) {
      return refusedOrUnknown(e);
    }
  }

  private static SendResult unanswered() {
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
    if (!awaitFewer(deadline)) {
      return new Underway(null, tooManyUnderway());
    }
    Group group;
    engine.lock.lockInterruptibly();
    try {
      if (!engine.awaitRoom(deadline)) {
        return new Underway(null, full());
      }
      group = group(List.of(record(message, delay)));
    } finally {
      engine.lock.unlock();
    }
    return underway(group, deadline).get(0);
  }

  /** Waits for the outcome of the oldest while too many are on their way. */
  private boolean awaitFewer(Deadline deadline) throws InterruptedException {
    while (true) {
      QueueChange oldest;
      engine.lock.lockInterruptibly();
      try {
        engine.requireOpen();
        if (pending < UNDERWAY_MAX) {
          return true;
        }
        oldest = engine.changes.oldest();
      } finally {
        engine.lock.unlock();
      }
      if (!QueueChanges.settle(oldest, deadline) && deadline.hasExpired()) {
        return false;
      }
    }
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

  private Group group(List<QueueRecord.Sent> records) {
    engine.state.reserve(records.size());
    return engine.changes.begin(new Group(records));
  }

  private List<Underway> underway(Group group, Deadline deadline) throws InterruptedException {
    SendResult result = null;
    try {
      group.append(group.records, deadline);
    } catch (BackendException e) {
      result = refusedOrUnknown(e);
    }
    List<Underway> all = new ArrayList<>(group.records.size());
    for (int i = 0; i < group.records.size(); i++) {
      all.add(new Underway(group, result));
    }
    return all;
  }

  private @Nullable SendResult tooBig(Message message) {
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
  private @Nullable SendResult parkFull(Message message, Deadline deadline)
      throws InterruptedException {
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

  private SendResult full() {
    engine.observer.count("queue.full", 1);
    return new SendResult.Refused(
        new Advice.Overloaded(Duration.ZERO),
        "queue " + engine.name + ": full (capacity: " + engine.options.capacity() + ")");
  }

  /** Sends many, in groups of which each is there whole or not at all. */
  List<SendResult> sendAll(List<Message> messages, Deadline deadline) throws InterruptedException {
    Batch batch = new Batch(messages.size(), deadline);
    try {
      for (Message message : messages) {
        message.handOver(engine.name, engine.observer, batch::take);
      }
      batch.flush();
      return batch.results();
    } finally {
      batch.giveBack();
    }
  }

  /** A batch that is gathered into groups. */
  private final class Batch {
    private final Deadline deadline;
    private final List<@Nullable SendResult> results;
    private final Set<String> brokenKeys = new HashSet<>();
    private final List<Message> gathered = new ArrayList<>();
    private final List<QueueRecord.Sent> records = new ArrayList<>();
    private int gatheredBytes;

    Batch(int size, Deadline deadline) {
      this.results = new ArrayList<>(size);
      this.deadline = deadline;
    }

    List<SendResult> results() {
      List<SendResult> all = new ArrayList<>(results.size());
      for (SendResult each : results) {
        all.add(each == null ? unanswered() : each);
      }
      return all;
    }

    /** Takes the next message; an observer is told if it is refused at once. */
    Underway take(Message message) throws InterruptedException {
      SendResult refusal = refusal(message);
      if (refusal == null && !reserve(message)) {
        flush();
        refusal = refusal(message);
        if (refusal == null && !reserveInTime(message)) {
          refusal = full();
        }
      }
      results.add(refusal);
      if (refusal != null) {
        message.key().ifPresent(brokenKeys::add);
      }
      return new Underway(null, refusal);
    }

    private @Nullable SendResult refusal(Message message) throws InterruptedException {
      if (message.key().filter(brokenKeys::contains).isPresent()) {
        return new SendResult.Refused(
            new Advice.Transient(), "key: an earlier message of the same key was not accepted");
      }
      SendResult tooBig = tooBig(message);
      if (tooBig != null) {
        return tooBig;
      }
      if (isKeyDead(message)) {
        // Those before it count, so they have to be there.
        flush();
        return parkFull(message, deadline);
      }
      return null;
    }

    private boolean isKeyDead(Message message) throws InterruptedException {
      if (message.key().isEmpty()) {
        return false;
      }
      engine.lock.lockInterruptibly();
      try {
        return engine.state.lines().isDead(message.key().get());
      } finally {
        engine.lock.unlock();
      }
    }

    private boolean reserve(Message message) throws InterruptedException {
      engine.lock.lockInterruptibly();
      try {
        engine.requireOpen();
        int size = MessageFormat.sizeBytes(message) + QueueRecord.SENT_BYTES + 4;
        boolean fits = records.isEmpty() || gatheredBytes + size <= groupBytesMax();
        return fits && engine.state.hasRoom() && gather(message, size);
      } finally {
        engine.lock.unlock();
      }
    }

    private boolean reserveInTime(Message message) throws InterruptedException {
      engine.lock.lockInterruptibly();
      try {
        int size = MessageFormat.sizeBytes(message) + QueueRecord.SENT_BYTES + 4;
        return engine.awaitRoom(deadline) && gather(message, size);
      } finally {
        engine.lock.unlock();
      }
    }

    private int groupBytesMax() {
      return Math.max(GROUP_BYTES, Math.min(256 << 10, engine.bounds.disk().segmentBytes() / 4));
    }

    private boolean gather(Message message, int size) {
      engine.state.reserve(1);
      gathered.add(message);
      records.add(record(message, Duration.ZERO));
      gatheredBytes += size;
      return true;
    }

    /** Brings what is gathered into the journal, and knows then what became of it. */
    void flush() throws InterruptedException {
      if (records.isEmpty()) {
        return;
      }
      Group group;
      engine.lock.lockInterruptibly();
      try {
        engine.state.reserve(-records.size());
        group = group(List.copyOf(records));
        records.clear();
      } finally {
        engine.lock.unlock();
      }
      settle(underway(group, deadline).get(0).await(deadline));
    }

    /** Gives back the room of what was gathered and, because of an interruption, never sent. */
    void giveBack() {
      if (!records.isEmpty()) {
        engine.lock.lock();
        try {
          engine.state.reserve(-records.size());
          engine.wakeSenders();
        } finally {
          engine.lock.unlock();
        }
      }
    }

    private void settle(SendResult result) {
      int next = 0;
      for (Message each : gathered) {
        while (results.get(next) != null) {
          next++;
        }
        results.set(next, result);
        if (!(result instanceof SendResult.Accepted)) {
          each.key().ifPresent(brokenKeys::add);
        }
      }
      gathered.clear();
      gatheredBytes = 0;
    }
  }
}
