package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.disk.QueueCheckpoint.Marks;
import dev.ashlar.messaging.disk.QueueEngine.QueueOpening;
import dev.ashlar.messaging.disk.QueueRecord.Stored;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out from the journal how things stood: the last checkpoint, and what came after it. */
final class QueueReplay {

  /** How many records back a checkpoint is looked for at first; then four times as many. */
  private static final int FIRST_LOOK_RECORDS = 64;

  private final Journal journal;
  private final QueueOpening opening;
  private final Map<Long, QueueLive> held = new HashMap<>();
  private QueuePassed passed = new QueuePassed(0, 0);
  private long cursor;
  private long lastSeq;
  private long lastMoment = Long.MIN_VALUE;
  private boolean clean;
  private final QueueClock clock;
  private final QueueState state;

  private QueueReplay(Journal journal, QueueOpening opening) {
    this.journal = journal;
    this.opening = opening;
    this.cursor = journal.first();
    replay();
    this.clock = new QueueClock(opening.time(), lastMoment);
    this.state =
        new QueueState(
            opening.options(),
            opening.time(),
            opening.observer(),
            opening.bounds().cacheBytesMax());
    takeInHand();
    held.clear();
  }

  static QueueReplay of(Journal journal, QueueOpening opening) {
    return new QueueReplay(journal, opening);
  }

  Journal journal() {
    return journal;
  }

  QueueState state() {
    return state;
  }

  QueueClock clock() {
    return clock;
  }

  QueuePassed passed() {
    return passed;
  }

  long cursor() {
    return cursor;
  }

  long lastSeq() {
    return lastSeq;
  }

  /** Whether the queue was closed, so that nothing was under way when it ended. */
  boolean isClean() {
    return clean;
  }

  /** A checkpoint that is being looked for. */
  private static final class Sighting {
    long begun = -1;
    long id;
    int parts;
    long whole = -1;
    boolean clean;

    void note(int kind, long number, byte[] array, int at, int length) {
      if (kind == QueueRecord.BEGIN) {
        begun = number;
        id = QueueCheckpoint.id(array, at, length);
        parts = 0;
      } else if (isPart(kind) && QueueCheckpoint.id(array, at, length) == id) {
        parts++;
      } else if (kind == QueueRecord.END
          && begun >= 0
          && QueueCheckpoint.id(array, at, length) == id
          && QueueCheckpoint.countOfParts(array, at, length) == parts) {
        whole = begun;
        clean = QueueCheckpoint.isClean(array, at, length);
        return;
      }
      clean = false;
    }
  }

  private static boolean isPart(int kind) {
    return kind == QueueRecord.PART || kind == QueueRecord.BEYOND;
  }

  private void replay() {
    long floor = journal.first();
    long whole = lastWhole();
    if (whole >= 0) {
      floor = Math.max(floor, restore(whole));
    }
    read(floor, this::replay);
    clean |= journal.end() == journal.first() && journal.end() == 0;
  }

  private long lastWhole() {
    long back = FIRST_LOOK_RECORDS;
    while (true) {
      long from = Math.max(journal.first(), journal.end() - back);
      Sighting seen = new Sighting();
      read(
          from,
          (number, array, at, length) ->
              seen.note(QueueRecord.kind(array, at, length), number, array, at, length));
      if (seen.whole >= 0 || from == journal.first()) {
        clean = seen.clean;
        return seen.whole;
      }
      back *= 4;
    }
  }

  private void read(long from, JournalReader.Sink sink) {
    long end = journal.end();
    if (from >= end) {
      return;
    }
    try (JournalReader reader = journal.reader(from)) {
      while (reader.position() < end && reader.read(sink) > 0) {
        // The sink has it.
      }
    }
  }

  /** Takes over a checkpoint; returns where the replay begins. */
  private long restore(long begun) {
    List<Marks> marks = new ArrayList<>(1);
    boolean[] whole = new boolean[1];
    long end = journal.end();
    try (JournalReader reader = journal.reader(begun)) {
      while (!whole[0] && reader.position() < end) {
        reader.read((number, array, at, length) -> whole[0] |= restore(marks, array, at, length));
      }
    }
    return marks.get(0).floor();
  }

  /** Returns whether it was the checkpoint's end. */
  private boolean restore(List<Marks> marks, byte[] array, int at, int length) {
    int kind = QueueRecord.kind(array, at, length);
    if (kind == QueueRecord.BEGIN && marks.isEmpty()) {
      Marks found = QueueCheckpoint.marks(array, at, length);
      marks.add(found);
      cursor = found.cursor();
      passed = new QueuePassed(found.passed(), found.gaps());
      lastSeq = found.last();
      lastMoment = found.now();
    } else if (kind == QueueRecord.PART && isOf(marks, array, at, length)) {
      QueueCheckpoint.readPart(array, at, length, live -> held.put(live.seq, live));
    } else if (kind == QueueRecord.BEYOND && isOf(marks, array, at, length)) {
      QueueCheckpoint.readBeyond(array, at, length, passed);
    }
    return kind == QueueRecord.END && isOf(marks, array, at, length);
  }

  private static boolean isOf(List<Marks> marks, byte[] array, int at, int length) {
    return !marks.isEmpty() && marks.get(0).id() == QueueCheckpoint.id(array, at, length);
  }

  private void replay(long number, byte[] array, int at, int length) {
    switch (QueueRecord.kind(array, at, length)) {
      case QueueRecord.SENT -> {
        sent(QueueRecord.seq(array, at));
        int skip = QueueRecord.SENT_BYTES;
        moment(MessageFormat.stamp(array, at + skip, length - skip));
      }
      case QueueRecord.HANDED -> handed(array, at, length);
      case QueueRecord.DONE -> {
        for (int i = at + 1; i + 8 <= at + length; i += 8) {
          gone(QueueRecord.i64(array, i));
        }
      }
      case QueueRecord.WAITING, QueueRecord.DEAD -> changed(number, array, at, length);
      case QueueRecord.RETURNED -> {
        QueueRecord.State state = QueueRecord.state(array, at, length);
        gone(state.old());
        sent(state.seq());
        moment(state.due());
      }
      case QueueRecord.MOVED -> moved(number, array, at, length);
      default -> {
        // A checkpoint has been read, or was never finished.
      }
    }
  }

  private void sent(long seq) {
    if (seq > lastSeq) {
      passed.addGaps(seq - lastSeq - 1);
      lastSeq = seq;
    }
  }

  private void moment(long stamp) {
    lastMoment = Math.max(lastMoment, stamp);
  }

  private void gone(long seq) {
    held.remove(seq);
    passed.skip(seq);
  }

  private void handed(byte[] array, int at, int length) {
    int end = at + length - QueueRecord.HANDED_BYTES;
    for (int i = at + 1; i <= end; i += QueueRecord.HANDED_BYTES) {
      handed(
          QueueRecord.i64(array, i), QueueRecord.i32(array, i + 8), QueueRecord.i32(array, i + 12));
    }
  }

  private void handed(long seq, int attempts, int spent) {
    @Nullable QueueLive live = held.get(seq);
    if (live == null) {
      passed.count(seq, attempts, spent);
    } else if (attempts > live.attempts) {
      live.attempts = attempts;
      live.spent = spent;
      live.lapsed = true;
    } else if (attempts == live.attempts) {
      live.spent = Math.min(live.spent, spent);
    }
  }

  private void changed(long number, byte[] array, int at, int length) {
    QueueRecord.State found = QueueRecord.state(array, at, length);
    Stored stored = QueueRecord.stored(array, at, length);
    QueueLive live = new QueueLive(found.seq(), stored.sent(), stored.message());
    live.home = number;
    live.due = found.due();
    live.firstFailure = found.firstFailure();
    live.lastFailure = found.lastFailure();
    live.attempts = found.attempts();
    live.spent = found.spent();
    live.fault = stored.fault().isEmpty() ? null : stored.fault();
    live.state = found.dead() ? QueueLive.State.DEAD : QueueLive.State.GONE;
    passed.count(live);
    held.put(found.seq(), live);
    passed.skip(found.seq());
  }

  private void moved(long number, byte[] array, int at, int length) {
    long seq = QueueRecord.seq(array, at);
    @Nullable QueueLive live = held.get(seq);
    if (live != null) {
      live.home = Math.max(live.home, number);
    } else if (seq > passed.last() && !passed.isSkipped(seq)) {
      // Read from the backlog and moved since the checkpoint; deliveries may be newer.
      changed(number, array, at, length);
    }
  }

  private void takeInHand() {
    long now = clock.now();
    List<QueueLive> all = new ArrayList<>(held.values());
    all.sort(Comparator.comparingLong(live -> live.seq));
    all.stream()
        .filter(live -> live.state == QueueLive.State.DEAD)
        .sorted(Comparator.comparingLong(live -> live.lastFailure))
        .forEachOrdered(state::admitDead);
    for (QueueLive live : all) {
      if (live.state != QueueLive.State.DEAD) {
        noteInterrupted(live);
        state.admit(live, null, now);
      }
    }
    state.setStored(lastSeq - passed.last() - passed.gaps() - passed.skippedCount() + all.size());
  }

  /** A delivery that was under way when the process ended has failed. */
  private void noteInterrupted(QueueLive live) {
    if (live.lapsed && live.lastFailure == 0) {
      live.noteFailure(opening.time().wallTime());
    }
  }
}
