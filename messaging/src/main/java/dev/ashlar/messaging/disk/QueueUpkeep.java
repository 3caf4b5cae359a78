package dev.ashlar.messaging.disk;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.disk.QueueCheckpoint.Marks;
import dev.ashlar.messaging.disk.QueueLive.State;
import dev.ashlar.messaging.disk.QueueRecord.Snapshot;
import dev.ashlar.messaging.journal.Payload;
import dev.ashlar.messaging.journal.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * A checkpoint lets the journal be forgotten up to the least of three numbers: the cursor, the floor,
 * and the oldest home of what is in hand. The first two move on by themselves; the third stands still
 * for as long as one message is not settled. So once three quarters of what lies before the cursor is
 * of no use any more, what is in hand and lives in the oldest segment is written again at the end.
 * That is done only then, so each message is moved at most once for four times as much that is freed.
 *
 * A checkpoint is due after so many records and settlements, for a batch of settlements is one record
 * only; and at rest, if a file may go with it.
 */
/** The queue's own thread: checkpoints, forgetting, and the outcomes nobody waits for. */
final class QueueUpkeep {

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PART_BYTES = 12 << 10;
  private static final int MOVED_AT_ONCE = 100;

  private final QueueEngine engine;
  private final QueueReading reading;
  private final QueueSending sending;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stopping = lock.newCondition();
  private boolean stopped;
  private @Nullable Thread thread;
  private long checkpointAt;
  private int checkpointHeld;

  /** How many had gone then; of what went before the queue was opened nothing is known. */
  private long checkpointGone = -1;

  /** What the last round saw. */
  private long lastEnd = -1;

  private long lastGone = -1;
  private long lastId = Long.MIN_VALUE;

  QueueUpkeep(QueueEngine engine, QueueReading reading, QueueSending sending) {
    this.engine = engine;
    this.reading = reading;
    this.sending = sending;
    this.checkpointAt = engine.journal.end();
  }

  void start() {
    Thread fresh = new Thread(this::run, "ashlar-queue-" + engine.name);
    fresh.setDaemon(true);
    thread = fresh;
    fresh.start();
  }

  private void run() {
    try {
      while (goesOn()) {
        round();
      }
    } catch (InterruptedException nobodyElseKnowsThisThread) {
      // It ends; opening the queue again costs more reading, and nothing else.
      engine.observer.count("queue.upkeep.failed", 1);
    }
  }

  private boolean goesOn() throws InterruptedException {
    Deadline deadline = Deadline.after(PAUSE, engine.time);
    lock.lockInterruptibly();
    try {
      while (!stopped && engine.time.await(stopping, deadline)) {
        // Woken without cause, or to stop: the condition of the loop knows.
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  /** What fails here is tried again in the next round. */
  void round() throws InterruptedException {
    try {
      engine.changes.settle(soon());
      wakeForLeftovers();
      if (isCheckpointDue()) {
        checkpoint(false);
        if (moveForward() > 0) {
          checkpoint(false);
          engine.observer.step("queue.move.forgotten");
        }
      }
    } catch (RuntimeException e) {
      engine.observer.count("queue.upkeep.failed", 1);
    }
  }

  private Deadline soon() {
    return Deadline.after(PATIENCE, engine.time);
  }

  private void wakeForLeftovers() {
    engine.lock.lock();
    try {
      if (reading.hasMore()) {
        engine.wakeReceiver();
      }
    } finally {
      engine.lock.unlock();
    }
  }

  private boolean isCheckpointDue() {
    engine.lock.lock();
    try {
      long end = engine.journal.end();
      long gone = engine.state.gone();
      boolean atRest = end == lastEnd && gone == lastGone;
      lastEnd = end;
      lastGone = gone;
      // What is in hand is written whole, so the more it is, the more has to come in between.
      long progress = end - checkpointAt + gone - checkpointGone;
      return progress >= Math.max(engine.bounds.checkpointRecords(), 4L * checkpointHeld)
          || sending.bytes() >= engine.bounds.checkpointBytes()
          || (atRest && isWorthIt(gone - checkpointGone));
    } finally {
      engine.lock.unlock();
    }
  }

  /** Whether a file may go because of so many messages that are gone. */
  private boolean isWorthIt(long gone) {
    OptionalLong end = engine.journal.endOfOldest();
    return gone > 0
        && 4 * gone >= checkpointHeld
        && end.isPresent()
        && end.getAsLong() <= reading.cursor();
  }

  /** Writes a checkpoint, and forgets what it makes superfluous. */
  void checkpoint(boolean clean) throws InterruptedException {
    Marks marks;
    List<Payload> records = new ArrayList<>();
    long oldestHome;
    engine.lock.lockInterruptibly();
    try {
      long now = engine.clock.now();
      lastId = Math.max(now, lastId + 1);
      marks =
          new Marks(
              lastId,
              reading.cursor(),
              engine.changes.floor(),
              reading.passed().last(),
              engine.numbers.last(),
              reading.passed().gaps(),
              now);
      List<QueueLive> held = engine.state.snapshot();
      oldestHome = held.stream().mapToLong(live -> live.home).min().orElse(Long.MAX_VALUE);
      records.add(QueueCheckpoint.begin(marks));
      records.addAll(QueueCheckpoint.parts(marks.id(), held, PART_BYTES));
      records.addAll(QueueCheckpoint.beyond(marks.id(), reading.passed(), PART_BYTES));
      records.add(QueueCheckpoint.end(marks.id(), records.size() - 1, clean));
      checkpointHeld = held.size();
      checkpointGone = engine.state.gone();
      sending.takeBytes();
    } finally {
      engine.lock.unlock();
    }
    engine.observer.step("queue.checkpoint.begun");
    if (write(records)) {
      checkpointAt = engine.journal.end();
      engine.observer.step("queue.checkpoint.written");
      long useless = Math.min(oldestHome, Math.min(marks.cursor(), marks.floor()));
      engine.journal.forgetBefore(useless);
    }
  }

  private boolean write(List<Payload> records) throws InterruptedException {
    List<Ticket> tickets = new ArrayList<>(records.size());
    for (Payload each : records) {
      tickets.add(engine.journal.append(each, soon()));
    }
    for (Ticket each : tickets) {
      if (!each.await(soon())) {
        return false;
      }
    }
    return true;
  }

  /** A copy of a message that counts once it is written. */
  private final class Move extends QueueChange {
    private final QueueLive live;
    private final long home;

    Move(QueueLive live) {
      super(engine);
      this.live = live;
      this.home = live.home;
    }

    @Override
    void apply(long first, long now) {
      if (live.home == home) {
        live.home = first;
      }
    }

    @Override
    void undo() {
      // It stays where it is.
    }
  }

  /** Empties the oldest segment, if it is worth it; returns how many messages were moved. */
  private int moveForward() throws InterruptedException {
    List<QueueLive> pinning = new ArrayList<>();
    engine.lock.lockInterruptibly();
    try {
      long end = engine.journal.endOfOldest().orElse(0);
      long passed = reading.cursor() - engine.journal.first();
      if (end > reading.cursor() || passed < 4L * engine.state.held()) {
        return 0;
      }
      for (QueueLive live : engine.state.snapshot()) {
        if (live.home < end) {
          pinning.add(live);
        }
      }
    } finally {
      engine.lock.unlock();
    }
    int moved = 0;
    for (int i = 0; i < pinning.size(); i += MOVED_AT_ONCE) {
      moved += move(pinning.subList(i, Math.min(pinning.size(), i + MOVED_AT_ONCE)));
    }
    return moved;
  }

  private int move(List<QueueLive> lives) throws InterruptedException {
    List<QueueChange> moves = new ArrayList<>(lives.size());
    engine.observer.step("queue.move.begun");
    for (QueueLive live : lives) {
      if (isMovable(live)) {
        move(live, moves);
      }
    }
    engine.observer.step("queue.move.appended");
    for (QueueChange each : moves) {
      each.await(soon());
    }
    engine.observer.step("queue.move.written");
    engine.observer.count("queue.moved", Math.max(1, moves.size()));
    return moves.size();
  }

  private boolean isMovable(QueueLive live) {
    engine.lock.lock();
    try {
      return live.state != State.GONE && live.state != State.CHANGING;
    } finally {
      engine.lock.unlock();
    }
  }

  private void move(QueueLive live, List<QueueChange> moves) throws InterruptedException {
    QueueReading.Whole whole = reading.whole(live);
    Move change;
    QueueRecord.State state;
    engine.lock.lock();
    try {
      if (live.state == State.GONE || live.state == State.CHANGING) {
        return;
      }
      change = engine.changes.begin(new Move(live));
      QueueRecord.State now = QueueRecord.State.of(live, whole.cause());
      // Nobody holds it after a restart, so it is due then.
      state = live.state == State.IN_FLIGHT ? now.at(live.sent) : now;
    } finally {
      engine.lock.unlock();
    }
    moves.add(change);
    change.append(
        List.of(new Snapshot(QueueRecord.MOVED, state, whole.stored(), engine.numbers)), soon());
  }

  /** Writes the last checkpoint, with which the queue opens as it was closed. */
  void finish() throws InterruptedException {
    engine.changes.settle(soon());
    checkpoint(true);
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      stopping.signalAll();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
