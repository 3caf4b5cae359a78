package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.disk.QueueRecord.State;
import dev.ashlar.messaging.disk.QueueRecord.Stored;
import dev.ashlar.messaging.disk.QueueState.Claim;
import dev.ashlar.messaging.journal.JournalReader;
import java.util.ArrayList;
import java.util.Collections;
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
    List<QueueLive> found = new ArrayList<>();
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

  private long read(List<QueueLive> found) {
    JournalReader from = reader;
    if (from == null) {
      from = engine.journal.reader(cursor);
      reader = from;
    }
    boolean whole = false;
    try {
      long now = engine.clock.now();
      from.read((number, array, at, length) -> note(found, number, array, at, length, now));
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

  private static void note(
      List<QueueLive> found, long number, byte[] array, int at, int length, long now) {
    int kind = QueueRecord.kind(array, at, length);
    if (kind == QueueRecord.SENT) {
      found.add(live(number, array, at, length, now));
    } else if (kind == QueueRecord.RETURNED) {
      QueueLive live = live(number, array, at, length, now);
      State state = QueueRecord.state(array, at, length);
      live.due = state.due();
      live.attempts = state.attempts();
      live.firstFailure = state.firstFailure();
      found.add(live);
    }
  }

  /**
   * A message of the backlog with its content.
   *
   * @param now taken for the moment of sending, if that cannot be read
   */
  private static QueueLive live(long number, byte[] array, int at, int length, long now) {
    Stored stored = QueueRecord.stored(array, at, length);
    boolean readable = stored.fault().isEmpty();
    QueueLive live =
        new QueueLive(QueueRecord.seq(array, at), readable ? stored.sent() : now, stored.message());
    live.home = number;
    live.due = QueueRecord.due(array, at);
    live.fault = readable ? null : stored.fault();
    live.message = stored.message();
    return live;
  }

  private void admit(List<QueueLive> found) {
    long now = engine.clock.now();
    for (int i = 0; i < found.size(); i++) {
      QueueLive live = found.get(i);
      if (passed.pass(live.seq)) {
        passed.count(live);
        Message message = live.message;
        live.message = null;
        engine.state.admit(live, message, now);
      }
    }
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
    List<Long> missing = new ArrayList<>(0);
    for (int i = 0; i < claims.size(); i++) {
      if (claims.get(i).message() == null) {
        missing.add(claims.get(i).home());
      }
    }
    if (missing.isEmpty()) {
      return claims;
    }
    Collections.sort(missing);
    List<Claim> all = new ArrayList<>(claims.size());
    QueueNear near = new QueueNear(engine.journal, NEAR_RECORDS);
    try (near) {
      near.read(missing);
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
