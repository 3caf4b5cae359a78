package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.SendResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A batch that is gathered into groups. */
final class QueueBatch {

  /** How many bytes go to the journal as one; what any journal takes. */
  private static final int GROUP_BYTES = 16 << 10;

  private final QueueEngine engine;
  private final QueueSending sending;
  private final Deadline deadline;
  private final List<@Nullable SendResult> results;
  private final Set<String> brokenKeys = new HashSet<>();
  private final List<Message> gathered;
  private final int size;
  private List<QueueRecord.Sent> records;
  private final int groupBytesMax;
  private int gatheredBytes;

  /** For how many more there is room already. */
  private int granted;

  /** When those were sent that are gathered. */
  private long moment;

  QueueBatch(QueueEngine engine, QueueSending sending, int size, Deadline deadline) {
    this.engine = engine;
    this.sending = sending;
    this.size = size;
    this.gathered = new ArrayList<>(size);
    this.records = new ArrayList<>(size);
    this.results = new ArrayList<>(size);
    this.deadline = deadline;
    this.groupBytesMax =
        Math.max(GROUP_BYTES, Math.min(256 << 10, engine.bounds.disk().segmentBytes() / 4));
  }

  List<SendResult> results() {
    List<SendResult> all = new ArrayList<>(results.size());
    for (SendResult each : results) {
      all.add(each == null ? QueueSending.unanswered() : each);
    }
    return all;
  }

  /** Takes the next message; an observer is told if it is refused at once. */
  QueueSending.Underway take(Message message) throws InterruptedException {
    SendResult refusal = refusal(message);
    if (refusal == null && !gather(message, false)) {
      flush();
      refusal = refusal(message);
      if (refusal == null && !gather(message, true)) {
        refusal = sending.full();
      }
    }
    results.add(refusal);
    if (refusal == null) {
      return QueueSending.Underway.GATHERED;
    }
    message.key().ifPresent(brokenKeys::add);
    return new QueueSending.Underway(null, refusal);
  }

  private @Nullable SendResult refusal(Message message) throws InterruptedException {
    if (!brokenKeys.isEmpty() && message.key().filter(brokenKeys::contains).isPresent()) {
      return new SendResult.Refused(
          new Advice.Transient(), "key: an earlier message of the same key was not accepted");
    }
    SendResult tooBig = sending.tooBig(message);
    if (tooBig != null) {
      return tooBig;
    }
    if (isKeyDead(message)) {
      // Those before it count, so they have to be there.
      flush();
      return sending.parkFull(message, deadline);
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

  /**
   * Puts a message to those that go as one.
   *
   * @return {@code false} if it does not fit there, or there is no room in the queue
   */
  private boolean gather(Message message, boolean waits) throws InterruptedException {
    int bytes = MessageFormat.sizeBytes(message) + QueueRecord.SENT_BYTES + 4;
    boolean fits = records.isEmpty() || gatheredBytes + bytes <= groupBytesMax;
    if (!fits || (granted == 0 && !isGranted(waits))) {
      return false;
    }
    if (records.isEmpty()) {
      moment = engine.clock.now();
    }
    granted--;
    gathered.add(message);
    records.add(new QueueRecord.Sent(engine.numbers, message, moment, moment));
    gatheredBytes += bytes;
    return true;
  }

  /** Makes sure of room for all that are left, or for as many as there is. */
  private boolean isGranted(boolean waits) throws InterruptedException {
    engine.lock.lockInterruptibly();
    try {
      engine.requireOpen();
      boolean hasRoom = waits ? engine.awaitRoom(deadline) : engine.state.hasRoom();
      if (hasRoom) {
        granted = (int) Math.min(engine.state.room(), size - results.size());
        engine.state.reserve(granted);
      }
      return hasRoom;
    } finally {
      engine.lock.unlock();
    }
  }

  /** Brings what is gathered into the journal, and knows then what became of it. */
  void flush() throws InterruptedException {
    if (records.isEmpty()) {
      return;
    }
    QueueSending.Group group;
    engine.lock.lockInterruptibly();
    try {
      group = sending.begin(records);
      records = new ArrayList<>(size - results.size());
    } finally {
      engine.lock.unlock();
    }
    settle(sending.underway(group, deadline).await(deadline));
  }

  /** Gives back the room of what was refused or, because of an interruption, never sent. */
  void giveBack() {
    int unused = granted + records.size();
    if (unused > 0) {
      engine.lock.lock();
      try {
        engine.state.reserve(-unused);
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
