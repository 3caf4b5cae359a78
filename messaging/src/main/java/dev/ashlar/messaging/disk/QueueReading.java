package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.disk.QueueRecord.State;
import dev.ashlar.messaging.disk.QueueRecord.Stored;
import dev.ashlar.messaging.disk.QueueState.Claim;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the backlog, from the cursor on, and messages that are in hand without their content. One
 * thread at a time reads the backlog, without the lock.
 */
final class QueueReading {

  /** Up to how many records further on reading on is better than beginning anew. */
  private static final int NEAR_RECORDS = 2000;

  private static final int TRIES_MAX = 100;

  private final QueueEngine engine;
  private final QueuePassed passed;
  private long cursor;
  private boolean loading;
  private @Nullable JournalReader reader;

  QueueReading(QueueEngine engine, QueueReplay found) {
    this.engine = engine;
    this.cursor = found.cursor();
    this.passed = found.passed();
  }

  /** A message of the backlog as it was read. */
  private record Found(long home, long seq, long due, Stored stored, @Nullable State state) {}

  /** The number of the first record that is not read yet. */
  long cursor() {
    return cursor;
  }

  QueuePassed passed() {
    return passed;
  }

  boolean isLoading() {
    return loading;
  }

  boolean hasMore() {
    return cursor < engine.journal.end();
  }

  /** Whether it makes sense to read on until as many are ready. */
  boolean mayLoad(int readyWanted) {
    return !loading
        && engine.state.readyCount() < readyWanted
        && hasMore()
        && engine.state.held() < engine.bounds.heldMax();
  }

  /** Whether nothing may be delivered before more is read. */
  boolean mustLoad() {
    return !loading && passed.isBehind() && hasMore();
  }

  /** Whether there is more that could be taken in hand, with or without its content. */
  boolean mayLoadAll() {
    return !loading && hasMore() && engine.state.held() < engine.bounds.heldMax();
  }

  /** Reads one batch. The lock is held on entry and on return, and not between. */
  void load() {
    loading = true;
    List<Found> found = new ArrayList<>();
    long position = cursor;
    engine.lock.unlock();
    try {
      position = read(found);
    } finally {
      engine.lock.lock();
      loading = false;
      cursor = position;
      admit(found);
      engine.wakeReceivers();
      if (engine.isClosed()) {
        close();
      }
    }
  }

  private long read(List<Found> found) {
    JournalReader from = reader;
    if (from == null) {
      from = engine.journal.reader(cursor);
      reader = from;
    }
    boolean whole = false;
    try {
      from.read((number, array, at, length) -> note(found, number, array, at, length));
      whole = true;
      return from.position();
    } finally {
      if (!whole) {
        found.clear();
        from.close();
        reader = null;
      }
    }
  }

  private static void note(List<Found> found, long number, byte[] array, int at, int length) {
    int kind = QueueRecord.kind(array, at, length);
    if (kind == QueueRecord.SENT) {
      found.add(
          new Found(
              number,
              QueueRecord.seq(array, at),
              QueueRecord.due(array, at),
              QueueRecord.stored(array, at, length),
              null));
    } else if (kind == QueueRecord.RETURNED) {
      State state = QueueRecord.state(array, at, length);
      Stored stored = QueueRecord.stored(array, at, length);
      found.add(new Found(number, state.seq(), state.due(), stored, state));
    }
  }

  private void admit(List<Found> found) {
    long now = engine.clock.now();
    for (Found each : found) {
      if (passed.pass(each.seq())) {
        QueueLive live = live(each, now);
        passed.count(live);
        engine.state.admit(live, each.stored().message(), now);
      }
    }
  }

  private static QueueLive live(Found found, long now) {
    Stored stored = found.stored();
    boolean readable = stored.fault().isEmpty();
    QueueLive live = new QueueLive(found.seq(), readable ? stored.sent() : now, stored.message());
    live.home = found.home();
    live.due = found.due();
    live.fault = readable ? null : stored.fault();
    State state = found.state();
    if (state != null) {
      live.attempts = state.attempts();
      live.firstFailure = state.firstFailure();
    }
    return live;
  }

  /** Reads whole what is in hand, wherever it is by now; not under the lock. */
  Whole whole(QueueLive live) {
    for (int i = 0; i < TRIES_MAX; i++) {
      long home = home(live);
      Whole found = at(home);
      if (found != null) {
        return found;
      }
      if (home == home(live)) {
        break;
      }
    }
    throw new IllegalStateException("message: not at its place (expected: kept until it is gone)");
  }

  private long home(QueueLive live) {
    engine.lock.lock();
    try {
      return live.home;
    } finally {
      engine.lock.unlock();
    }
  }

  /** A message with what its record says of it. */
  record Whole(Stored stored, String cause) {}

  private @Nullable Whole at(long home) {
    List<Whole> found = new ArrayList<>(1);
    try (JournalReader from = engine.journal.reader(home)) {
      from.read((number, array, at, length) -> pick(found, home, number, array, at, length));
    }
    return found.isEmpty() ? null : found.get(0);
  }

  private static void pick(
      List<Whole> found, long home, long number, byte[] array, int at, int length) {
    if (number == home) {
      int kind = QueueRecord.kind(array, at, length);
      String cause = kind == QueueRecord.SENT ? "" : QueueRecord.state(array, at, length).cause();
      found.add(new Whole(QueueRecord.stored(array, at, length), cause));
    }
  }

  /** Gives claims their messages; not under the lock. */
  List<Claim> withMessages(List<Claim> claims) {
    List<Claim> missing = claims.stream().filter(each -> each.message() == null).toList();
    if (missing.isEmpty()) {
      return claims;
    }
    List<Claim> all = new ArrayList<>(claims.size());
    QueueNear near = new QueueNear(engine.journal, NEAR_RECORDS);
    try (near) {
      near.read(missing.stream().map(Claim::home).sorted(Comparator.naturalOrder()).toList());
    }
    for (Claim each : claims) {
      all.add(each.message() == null ? each.with(message(each, near)) : each);
    }
    return all;
  }

  private Message message(Claim claim, QueueNear near) {
    Stored found = near.found(claim.home());
    return found == null ? whole(claim.live()).stored().message() : found.message();
  }

  /** Lets go of the files; the lock is held, and nobody reads. */
  void close() {
    JournalReader from = reader;
    if (from != null && !loading) {
      from.close();
    }
  }
}
