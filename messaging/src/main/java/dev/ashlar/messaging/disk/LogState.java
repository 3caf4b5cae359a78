package dev.ashlar.messaging.disk;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.journal.JournalReader;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * bound on what nobody looks at: the index, retention and checkpoints are never older than that. One
 * of them does so, while the others go on appending, up to another bound. Records are then looked at
 * in an array that is used again and again, and kept only if somebody reads at the end of the log.
 *
 * A reader that waits also sees to what was submitted and nobody waits for: it has the journal write.
 */
/** What a log on disk knows, the one lock around it, and who waits for it to change. */
final class LogState {

  /** How far the view may fall behind before producers help, in records and in bytes. */
  private static final long BEHIND_MAX = 16_384;

  private static final long BEHIND_BYTES_MAX = 4 << 20;

  /** Beyond so many times that, producers wait for whoever is helping. */
  private static final int BEHIND_FAR = 4;

  /** How much is followed at once. */
  private static final int FOLLOW_BYTES = 256 << 10;

  private static final int FOLLOW_START_BYTES = 16 << 10;

  /** Beyond this, a batch that a waiting reader waits for has failed, or the disk is very slow. */
  private static final Duration UNWRITTEN_MAX = Duration.ofMillis(200);

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

  /** Behind the greatest number that was submitted, and that its producer need not wait for. */
  private final AtomicLong submitted = new AtomicLong();

  /** Whether a producer follows, so that others need not. */
  private final AtomicBoolean helping = new AtomicBoolean();

  /** What is being followed; of whoever follows, and only while it does. */
  private final LogRun unseen = new LogRun(0, FOLLOW_START_BYTES);

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
    boolean unwritten;
    try {
      if (isSame(seen) && !isUnwritten()) {
        time.await(changed, until);
      }
      unwritten = isSame(seen) && isUnwritten();
    } finally {
      waiting.decrementAndGet();
      lock.unlock();
    }
    if (unwritten) {
      awaitWritten(until);
    }
  }

  /** How many wait for a change. */
  int waiting() {
    return waiting.get();
  }

  private boolean isSame(long seen) {
    return changes == seen && journal.end() <= applied && !closed;
  }

  private boolean isUnwritten() {
    return submitted.get() > journal.end();
  }

  /** Writes what nobody else may be waiting for, or waits for whoever is writing. */
  private void awaitWritten(Deadline until) throws InterruptedException {
    long number = submitted.get();
    if (!journal.awaitEnd(applied, until.shortenedTo(UNWRITTEN_MAX)) && !until.hasExpired()) {
      submitted.compareAndSet(number, 0);
    }
  }

  /** So many bytes are on their way. */
  void begun(long bytes) {
    behindBytes.addAndGet(bytes);
  }

  /** A record is on its way, and its producer may not wait for it. */
  void submitted(long number) {
    if (submitted.get() <= number) {
      submitted.accumulateAndGet(number + 1, Math::max);
    }
    wakeWaiting();
  }

  private void wakeWaiting() {
    if (waiting.get() > 0) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Something was acknowledged: whoever waits for it may look. */
  void appended() {
    wakeWaiting();
    if (isBehind(1)) {
      help();
    }
  }

  private boolean isBehind(int times) {
    return journal.end() - applied > times * BEHIND_MAX
        || behindBytes.get() > times * BEHIND_BYTES_MAX;
  }

  /** A producer has its answer already, which no trouble here may change. */
  private void help() {
    boolean first = helping.compareAndSet(false, true);
    if (!first && !isBehind(BEHIND_FAR)) {
      return;
    }
    try {
      if (first) {
        rest();
      }
      catchUp();
    } catch (BackendException | IllegalStateException e) {
      observer.count("log.follow.failed", 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (first) {
        helping.set(false);
      }
    }
  }

  private void rest() {
    lock.lock();
    try {
      view.tail.rest();
    } finally {
      lock.unlock();
    }
  }

  /** Has the view know of all that is there, before anybody else looks, and then ends. */
  void recover() {
    lock.lock();
    try {
      while (applied < journal.end()) {
        follow(journal.end());
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
            follow(target);
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

  /** Reads on a little. The lock is held on entry and on return, and not between. */
  private void follow(long target) {
    following = true;
    lock.unlock();
    try {
      gather(target);
    } finally {
      lock.lock();
      following = false;
      signal();
      // Also what was read before something failed: the follower is behind it.
      apply();
    }
  }

  private void gather(long target) {
    unseen.restart(follower.position());
    do {
      if (follower.read(unseen) == 0) {
        throw LogFormat.unreadable("not there (expected: acknowledged)", follower.position());
      }
    } while (follower.position() < target && unseen.sizeBytes() < FOLLOW_BYTES);
  }

  private void apply() {
    long count = unseen.end() - unseen.first();
    if (count > 0 && unseen.first() != view.applied()) {
      throw LogFormat.unreadable("not there (expected: behind those known)", view.applied());
    }
    long now = time.nanos();
    for (int i = 0; i < count; i++) {
      int at = unseen.start(i);
      view.apply(unseen.array(), at, unseen.start(i + 1) - at, now);
    }
    upkeep.grown(unseen.sizeBytes());
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
