package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/*
 * The journal is the truth, and the view follows it: whoever wants to know something first has the
 * view told of what was acknowledged meanwhile. One thread at a time reads on, without the lock, and
 * tells the view of a whole batch under it; the others wait for that one. So a batch is read back
 * once, from the pages that the operating system has just written, for all readers, groups and
 * partitions; and what opening does is the same as what running does.
 *
 *     appended ... acknowledged          follow            apply
 *     journal.end()  --------------------------->  view.applied()  --> readers
 *
 * Producers do not need the view. They follow only when it has fallen far behind, so that there is a
 * bound on what nobody looks at: the index, retention and checkpoints are never older than that.
 */
/** What a log on disk knows, the one lock around it, and who waits for it to change. */
final class LogState {

  /** How far the view may fall behind before producers help, in records and in bytes. */
  private static final long BEHIND_MAX = 16_384;

  private static final long BEHIND_BYTES_MAX = 4 << 20;

  /** How long one wait lasts at most: what time alone brings about, nobody signals. */
  private static final Duration SLICE = Duration.ofSeconds(1);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

  private final String name;
  private final Journal journal;
  private final TimeSource time;
  private final Observer observer;
  private final LogView view;
  private final LogUpkeep upkeep;
  private final JournalReader follower;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Changed under the lock, read by producers without it. */
  private final AtomicInteger waiting = new AtomicInteger();

  /** Bytes that were given to the journal since somebody last followed it. */
  private final AtomicLong behindBytes = new AtomicLong();

  private volatile long applied;
  private long changes;
  private boolean following;
  private boolean closed;

  LogState(String name, LogView view, Journal journal, int recordMax, Watch watch) {
    this.name = name;
    this.view = view;
    this.journal = journal;
    this.upkeep = new LogUpkeep(this, journal, recordMax, watch);
    this.time = watch.time();
    this.observer = watch.observer();
    this.follower = journal.reader(Math.max(view.applied(), journal.first()));
    this.applied = view.applied();
  }

  /** Clocks, and who is told. */
  record Watch(TimeSource time, Observer observer) {}

  /** A question that may look at the disk, asked without the lock. */
  interface Question<T> {
    Optional<T> ask() throws InterruptedException;
  }

  LogUpkeep upkeep() {
    return upkeep;
  }

  long nowNanos() {
    return time.nanos();
  }

  /** Looks at the view, as far as it is. */
  <T> T locked(Function<LogView, T> body) {
    lock.lock();
    try {
      requireOpen();
      view.blocks.trim(time.nanos());
      return body.apply(view);
    } finally {
      lock.unlock();
    }
  }

  /** Changes what others may be waiting for. */
  <T> T changing(Function<LogView, T> body) {
    lock.lock();
    try {
      T result = locked(body);
      signal();
      return result;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    changes++;
    changed.signalAll();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("log " + name + ": closed (expected: open)");
    }
  }

  /** Asks until there is an answer or the deadline comes; at least once. */
  <T> Optional<T> awaited(Deadline deadline, Duration slice, Question<T> question)
      throws InterruptedException {
    while (true) {
      catchUp();
      long seen = locked(now -> changes);
      Optional<T> answer = question.ask();
      if (answer.isPresent() || deadline.hasExpired()) {
        return answer;
      }
      awaitChange(seen, deadline.shortenedTo(slice.compareTo(SLICE) < 0 ? slice : SLICE));
    }
  }

  private void awaitChange(long seen, Deadline until) throws InterruptedException {
    lock.lockInterruptibly();
    waiting.incrementAndGet();
    try {
      if (changes == seen && journal.end() <= applied && !closed) {
        time.await(changed, until);
      }
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
  }

  /** So many bytes are on their way. */
  void submitted(long bytes) {
    behindBytes.addAndGet(bytes);
  }

  /** Something was acknowledged: whoever waits for it may look. */
  void appended() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
    if (journal.end() - applied > BEHIND_MAX || behindBytes.get() > BEHIND_BYTES_MAX) {
      help();
    }
  }

  /** A producer has its answer already, which no trouble here may change. */
  private void help() {
    try {
      catchUp();
    } catch (BackendException e) {
      observer.count("log.follow.failed", 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has the view know of all that is there, before anybody else looks, and then ends. */
  void recover() {
    lock.lock();
    try {
      while (applied < journal.end()) {
        follow();
      }
    } finally {
      follower.close();
      lock.unlock();
    }
  }

  /** Has the view know of all that was acknowledged when this was called. */
  void catchUp() throws InterruptedException {
    behindBytes.set(0);
    long target = journal.end();
    if (applied < target) {
      lock.lockInterruptibly();
      try {
        while (applied < target) {
          requireOpen();
          if (following) {
            time.await(changed, Deadline.after(SLICE, time));
          } else {
            follow();
          }
        }
      } finally {
        lock.unlock();
      }
    }
    if (locked(upkeep::isMine)) {
      upkeep.run();
    }
  }

  /** Reads one batch. The lock is held on entry and on return, and not between. */
  private void follow() {
    List<byte[]> batch = new ArrayList<>();
    following = true;
    lock.unlock();
    try {
      follower.read((number, array, at, length) -> batch.add(LogFormat.slice(array, at, length)));
    } finally {
      lock.lock();
      following = false;
      signal();
    }
    apply(follower.position() - batch.size(), batch);
  }

  private void apply(long first, List<byte[]> batch) {
    if (batch.isEmpty() || first != view.applied()) {
      throw LogFormat.unreadable("not there (expected: behind those known)", view.applied());
    }
    for (byte[] record : batch) {
      view.apply(view.applied(), record, time.nanos());
      upkeep.grown(record.length);
    }
    applied = view.applied();
  }

  /** Refuses everything from now on, once nobody reads any more. */
  void close() {
    boolean interrupted = false;
    lock.lock();
    try {
      closed = true;
      signal();
      Deadline deadline = Deadline.after(CLOSE_MAX, time);
      while (following && !deadline.hasExpired()) {
        try {
          time.await(changed, deadline);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      follower.close();
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
