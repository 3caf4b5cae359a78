package dev.ashlar.leases.keep;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * One timer for all leases, and threads only for what waits: for the store, and for listeners.
 *
 *   timer ---- due, or due soon ----> batches ---- a thread each ----> store
 *     |                                                                  |
 *     |<------------------------ when to look again <--- answers --------+
 *     +------- over ----> a thread for its listeners, a thread to tell the store
 *
 * The timer never waits for a thread, and no thread for another: a store that hangs over one batch delays
 * none of the others. While a request is under way its leases are looked at when they end, so a loss is
 * told of at its moment, whatever the store does.
 *
 * What is due within a sixteenth of a term comes along, if the store takes several at once. Leases
 * that were asked for at different moments find together that way, and stay together.
 *
 * An entry of the queue counts only if it is the last one that was made for its lease, so nothing is
 * searched for; those that do not count are taken out together when they are most, or a lease that came
 * and went would leave one for a third of its term. A later entry is made only when the one before was
 * taken. So of two threads that look at a lease at once, one of which has seen what the other has not,
 * the one that wants to come back sooner wins, and a look that finds nothing to do costs nothing.
 */

/** Sees to it that leases are renewed, and that their ends are told of. */
final class Renewals {

  private static final Duration TICK_MOST = Duration.ofSeconds(1);
  private static final int IDLE_SECONDS = 10;
  private static final long LATE_NANOS_MAX = 1_000_000;

  /** So that taking them out is rare, and each time worth it. */
  private static final int STALE_MAX = 1000;

  private final Keeping keeping;
  private final TimeSource time;
  private final int batchMax;
  private final long tickNanos;
  private final long aheadNanos;
  private final PauseWatch watch;
  private final AtomicInteger made = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final PriorityQueue<Entry> queue =
      new PriorityQueue<>((one, other) -> Long.signum(one.atNanos - other.atNanos));
  private final Map<KeptLease, Entry> kept = new HashMap<>();
  private TimeSource.@Nullable Timer timer;
  private long timerNanos;
  private long pausesTold;

  /**
   * Begins without a lease.
   *
   * @param threadsMax more than can be needed at once
   */
  Renewals(Keeping keeping, int threadsMax) {
    this.keeping = keeping;
    this.time = keeping.time();
    Duration term = keeping.options().term();
    Duration sixteenth = term.dividedBy(16);
    Duration tick = sixteenth.compareTo(TICK_MOST) < 0 ? sixteenth : TICK_MOST;
    this.batchMax = keeping.store().extendMax();
    this.tickNanos = tick.toNanos();
    this.aheadNanos = batchMax > 1 ? sixteenth.toNanos() : 0;
    this.watch = new PauseWatch(tick, term.dividedBy(4), time.nanos(), time.wallTime());
    this.threads =
        new ThreadPoolExecutor(
            0, threadsMax, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread);
  }

  private Thread thread(Runnable task) {
    String name = keeping.threadName(Integer.toString(made.incrementAndGet()));
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** What is to be looked at, and when; told apart by identity. */
  private static final class Entry {
    private final KeptLease lease;
    private final long atNanos;
    private boolean taken;

    Entry(KeptLease lease, long atNanos) {
      this.lease = lease;
      this.atNanos = atNanos;
    }
  }

  // What leases ask.

  /** Returns how often this process has stood still so far. */
  long pauses() {
    return watch.look(time.nanos(), time.wallTime());
  }

  /** Begins to renew a lease. */
  void add(KeptLease lease) {
    lock.lock();
    try {
      Entry none = new Entry(lease, time.nanos());
      none.taken = true;
      kept.put(lease, none);
    } finally {
      lock.unlock();
    }
    look(List.of(lease), 0);
  }

  /** Looks at a lease of which something has changed. */
  void wake(KeptLease lease) {
    look(List.of(lease), 0);
  }

  int size() {
    lock.lock();
    try {
      return kept.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many moments are noted at which to look at a lease. */
  int noted() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  List<KeptLease> all() {
    lock.lock();
    try {
      return List.copyOf(kept.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Runs something in a thread of its own. */
  void run(Task task) {
    try {
      threads.execute(() -> ran(task));
    } catch (RejectedExecutionException e) {
      keeping.observer().count("lease.keeper.failed", 1);
    }
  }

  /** What is done for a lease in a thread of its own. */
  @FunctionalInterface
  interface Task {
    void run() throws InterruptedException;
  }

  private void ran(Task task) {
    try {
      task.run();
    } catch (InterruptedException | RuntimeException e) {
      // Nobody interrupts these threads but somebody's listener.
      keeping.observer().count("lease.keeper.failed", 1);
    }
  }

  /** Looks at nothing any more; threads end when what they do has ended. */
  void stop() {
    lock.lock();
    try {
      disarm();
      queue.clear();
      kept.clear();
    } finally {
      lock.unlock();
    }
    threads.shutdown();
  }

  // When to look.

  private void look(Collection<KeptLease> some, long ahead) {
    List<KeptLease> due = new ArrayList<>();
    long timeoutNanos = 0;
    for (KeptLease lease : some) {
      Keeper.Step step = lease.due(ahead);
      if (step instanceof Keeper.Step.Renew renew) {
        due.add(lease);
        // An answer that comes after a lease's end is ignored, so the longest serves all.
        timeoutNanos = Math.max(timeoutNanos, renew.timeoutNanos());
        lookAgain(lease, lease.endNanos());
      } else if (step instanceof Keeper.Step.Wait wait) {
        lookAgain(lease, wait.untilNanos());
      } else {
        over(lease);
      }
    }
    Deadline deadline = Deadline.after(Duration.ofNanos(timeoutNanos), time);
    for (int from = 0; from < due.size(); from += batchMax) {
      List<KeptLease> batch = due.subList(from, Math.min(due.size(), from + batchMax));
      run(() -> renew(batch, deadline));
    }
  }

  private void lookAgain(KeptLease lease, long atNanos) {
    lock.lock();
    try {
      Entry last = kept.get(lease);
      if (last != null && (last.taken || atNanos - last.atNanos < 0)) {
        Entry entry = new Entry(lease, atNanos);
        kept.put(lease, entry);
        queue.add(entry);
        if (queue.size() > 2 * kept.size() + STALE_MAX) {
          queue.removeIf(one -> kept.get(one.lease) != one);
        }
        arm();
      }
    } finally {
      lock.unlock();
    }
  }

  private void over(KeptLease lease) {
    boolean first;
    lock.lock();
    try {
      first = kept.remove(lease) != null;
    } finally {
      lock.unlock();
    }
    if (first && lease.state() == LeaseState.LOST) {
      run(lease::tellListeners);
      run(lease::giveBackIfLost);
    }
  }

  private void arm() {
    if (kept.isEmpty() || threads.isShutdown()) {
      disarm();
      return;
    }
    Entry first = queue.peek();
    long nextNanos = time.nanos() + tickNanos;
    if (first != null && first.atNanos - nextNanos < 0) {
      nextNanos = first.atNanos;
    }
    if (timer == null || timerNanos - nextNanos > 0) {
      armFor(nextNanos);
    }
  }

  /**
   * A delay counts from when it is asked for, and this thread may have stood still before that: so
   * it is asked for again, and a moment that is over needs no timer.
   */
  private void armFor(long nextNanos) {
    long beforeNanos;
    do {
      beforeNanos = time.nanos();
      long delay = Math.max(0, nextNanos - beforeNanos);
      TimeSource.Timer next = time.after(Duration.ofNanos(delay), this::tick);
      // The old one goes only now, or an advance of the clock could find none.
      disarm();
      timer = next;
      timerNanos = nextNanos;
    } while (time.nanos() - beforeNanos > LATE_NANOS_MAX);
    if (nextNanos - beforeNanos <= 0) {
      run(this::tick);
    }
  }

  private void disarm() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Runs in the timers' thread: nothing here waits for a store or a listener. */
  private void tick() {
    long pauses = watch.tick(time.nanos(), time.wallTime());
    try {
      look(due(pauses), aheadNanos);
    } finally {
      lock.lock();
      try {
        disarm();
        arm();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Returns what to look at now: all, if this process stood still since it last looked. */
  private List<KeptLease> due(long pauses) {
    lock.lock();
    try {
      if (pauses > pausesTold) {
        keeping.observer().count("lease.stood", pauses - pausesTold);
        pausesTold = pauses;
        return List.copyOf(kept.keySet());
      }
      List<KeptLease> due = new ArrayList<>();
      long untilNanos = time.nanos() + aheadNanos;
      while (!queue.isEmpty() && queue.peek().atNanos - untilNanos <= 0) {
        Entry entry = queue.remove();
        if (kept.get(entry.lease) == entry) {
          entry.taken = true;
          due.add(entry.lease);
        }
      }
      return due;
    } finally {
      lock.unlock();
    }
  }

  // What to ask.

  private void renew(List<KeptLease> batch, Deadline deadline) {
    long sent = time.nanos();
    keeping.observer().step("lease.renew");
    List<Answer<Grant>> answers = ask(batch.stream().map(KeptLease::fence).toList(), deadline);
    keeping.observer().step("lease.renewed");
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).answered(answers.get(i), sent);
    }
    look(batch, 0);
  }

  /** A store that breaks its contract has not answered, and is asked again. */
  private List<Answer<Grant>> ask(List<Fence> fences, Deadline deadline) {
    Duration term = keeping.options().askedTerm();
    try {
      List<Answer<Grant>> answers =
          fences.size() == 1
              ? List.of(keeping.store().extend(fences.get(0), term, deadline))
              : keeping.store().extendAll(fences, term, deadline);
      if (answers.size() == fences.size()) {
        return answers;
      }
      keeping.observer().count("lease.keeper.failed", 1);
      return unanswered(fences, null);
    } catch (InterruptedException | RuntimeException e) {
      keeping.observer().count("lease.keeper.failed", 1);
      return unanswered(fences, e);
    }
  }

  private static List<Answer<Grant>> unanswered(List<Fence> fences, @Nullable Exception cause) {
    BackendException failure =
        new BackendException("lease: extend failed", Effect.UNKNOWN, new Advice.Transient(), cause);
    return fences.stream()
        .map(fence -> (Answer<Grant>) new Answer.Unknown<Grant>(failure))
        .toList();
  }
}
