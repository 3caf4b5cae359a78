package dev.ashlar.messaging.disk;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
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
  private final List<Message> gathered = new ArrayList<>();
  private final List<QueueRecord.Sent> records = new ArrayList<>();
  private int gatheredBytes;

  QueueBatch(QueueEngine engine, QueueSending sending, int size, Deadline deadline) {
    this.engine = engine;
    this.sending = sending;
    this.results = new ArrayList<>(size);
    this.deadline = deadline;
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
    if (refusal == null && !reserve(message)) {
      flush();
      refusal = refusal(message);
      if (refusal == null && !reserveInTime(message)) {
        refusal = sending.full();
      }
    }
    results.add(refusal);
    if (refusal != null) {
      message.key().ifPresent(brokenKeys::add);
    }
    return new QueueSending.Underway(null, refusal);
  }

  private @Nullable SendResult refusal(Message message) throws InterruptedException {
    if (message.key().filter(brokenKeys::contains).isPresent()) {
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
    records.add(sending.record(message, Duration.ZERO));
    gatheredBytes += size;
    return true;
  }

  /** Brings what is gathered into the journal, and knows then what became of it. */
  void flush() throws InterruptedException {
    if (records.isEmpty()) {
      return;
    }
    QueueSending.Group group;
    engine.lock.lockInterruptibly();
    try {
      engine.state.reserve(-records.size());
      group = sending.group(List.copyOf(records));
      records.clear();
    } finally {
      engine.lock.unlock();
    }
    settle(sending.underway(group, deadline).await(deadline));
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
