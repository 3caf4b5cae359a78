package dev.ashlar.messaging.disk;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.disk.QueueLive.State;
import dev.ashlar.messaging.disk.QueueReading.Whole;
import dev.ashlar.messaging.disk.QueueRecord.Snapshot;
import java.util.ArrayList;
import java.util.List;

/** The dead letters of a queue on disk: what they are is read when somebody asks. */
final class QueueDead implements DeadLetters {

  private final QueueEngine engine;
  private final QueueReading reading;

  QueueDead(QueueEngine engine, QueueReading reading) {
    this.engine = engine;
    this.reading = reading;
  }

  /** One that may have to be read, with what was known when it was looked up. */
  private record Known(QueueLive live, int attempts, long firstFailure, long lastFailure) {

    Entry entry(Whole whole, String origin) {
      return new Entry(
          whole.stored().message(),
          whole.cause(),
          attempts,
          origin,
          QueueLive.instant(firstFailure),
          QueueLive.instant(lastFailure));
    }
  }

  @Override
  public List<Entry> list(int most, Deadline deadline) {
    DiskQueue.checkBatch("most", most);
    List<Known> known = new ArrayList<>();
    engine.lock.lock();
    try {
      engine.requireOpen();
      for (QueueLive live : engine.state.dead()) {
        if (known.size() == most) {
          break;
        }
        known.add(new Known(live, live.attempts, live.firstFailure, live.lastFailure));
      }
    } finally {
      engine.lock.unlock();
    }
    List<Entry> entries = new ArrayList<>(known.size());
    for (Known each : known) {
      entry(each, entries);
    }
    return List.copyOf(entries);
  }

  private void entry(Known known, List<Entry> entries) {
    try {
      entries.add(known.entry(reading.whole(known.live()), engine.name));
    } catch (IllegalStateException e) {
      if (isDead(known.live())) {
        throw e;
      }
      // Somebody redrove or discarded it meanwhile.
    }
  }

  private boolean isDead(QueueLive live) {
    engine.lock.lock();
    try {
      return live.state == State.DEAD;
    } finally {
      engine.lock.unlock();
    }
  }

  private record Match(QueueLive live, Whole whole) {}

  private List<Match> matches(MessageId id) {
    List<QueueLive> candidates = new ArrayList<>();
    engine.lock.lock();
    try {
      engine.requireOpen();
      for (QueueLive live : engine.state.dead()) {
        if (live.idHash == QueueLive.hash(id) && live.state == State.DEAD) {
          candidates.add(live);
        }
      }
    } finally {
      engine.lock.unlock();
    }
    List<Match> matches = new ArrayList<>();
    for (QueueLive live : candidates) {
      Whole whole = reading.whole(live);
      if (whole.stored().message().id().equals(id)) {
        matches.add(new Match(live, whole));
      }
    }
    return matches;
  }

  @Override
  public Redrive redrive(MessageId id, Deadline deadline) throws InterruptedException {
    List<Match> matches = matches(id);
    engine.lock.lock();
    try {
      long now = engine.clock.now();
      long lifetime = engine.options.lifetime().toNanos();
      if (matches.stream().anyMatch(each -> now - each.live().sent >= lifetime)) {
        return Redrive.TOO_OLD;
      }
    } finally {
      engine.lock.unlock();
    }
    boolean redriven = false;
    for (Match each : matches) {
      redriven |= redrive(each, deadline);
    }
    return redriven ? Redrive.REDRIVEN : Redrive.ABSENT;
  }

  /** What goes back to its place has its place kept by those that are parked behind it. */
  private final class Revival extends QueueChange {
    private final QueueLive live;
    private final boolean inPlace;

    Revival(QueueLive live, boolean inPlace) {
      super(engine);
      this.live = live;
      this.inPlace = inPlace;
    }

    @Override
    void apply(long first, long now) {
      if (inPlace) {
        engine.state.applyRedrive(live, first, now);
      } else {
        engine.state.applyReturned(live, now);
      }
      engine.wakeReceivers();
    }

    @Override
    void undo() {
      engine.state.restore(live);
    }
  }

  private boolean redrive(Match match, Deadline deadline) throws InterruptedException {
    QueueLive live = match.live();
    Revival change;
    QueueRecord.State state;
    boolean inPlace;
    engine.lock.lock();
    try {
      engine.requireOpen();
      if (live.state != State.DEAD) {
        return false;
      }
      inPlace = live.key != null && engine.state.lines().parks();
      state = QueueRecord.State.of(live, "").revived(engine.clock.now());
      engine.state.begin(live);
      change = engine.changes.begin(new Revival(live, inPlace));
    } finally {
      engine.lock.unlock();
    }
    int kind = inPlace ? QueueRecord.WAITING : QueueRecord.RETURNED;
    change.write(
        List.of(new Snapshot(kind, state, match.whole().stored(), engine.numbers)), deadline);
    return true;
  }

  private final class Discard extends QueueChange {
    private final QueueLive live;

    Discard(QueueLive live) {
      super(engine);
      this.live = live;
    }

    @Override
    void apply(long first, long now) {
      engine.state.applyDone(live, now);
      engine.wakeReceivers();
      engine.wakeSenders();
    }

    @Override
    void undo() {
      engine.state.restore(live);
    }
  }

  @Override
  public boolean discard(MessageId id, Deadline deadline) throws InterruptedException {
    boolean discarded = false;
    for (Match each : matches(id)) {
      discarded |= discard(each.live(), deadline);
    }
    return discarded;
  }

  private boolean discard(QueueLive live, Deadline deadline) throws InterruptedException {
    Discard change;
    engine.lock.lock();
    try {
      engine.requireOpen();
      if (live.state != State.DEAD) {
        return false;
      }
      engine.state.begin(live);
      change = engine.changes.begin(new Discard(live));
    } finally {
      engine.lock.unlock();
    }
    change.write(List.of(new QueueRecord.Done(List.of(live))), deadline);
    return true;
  }
}
