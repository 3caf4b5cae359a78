package dev.ashlar.leases.own;

import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/*
 * A pool in which what hangs takes a thread but not a place: after a second a task does not count any
 * more, and another one begins. So n threads serve all partitions, and up to STRAYS_MAX of them may hang
 * without holding the others up for longer than that second.
 *
 * What leaves goes before what takes: a store that does not answer keeps those waiting who ask it, and
 * should not keep anybody from hearing that something is lost. At most one task of each partition waits,
 * and none that nobody wants any more, so no more wait than are assigned, or still held.
 */

/** Does what is to be done for partitions, a few at a time. */
final class Crew {

  /** How many tasks that take long are suffered beside the others. */
  static final int STRAYS_MAX = 64;

  private static final long ASIDE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long AGAIN_NANOS = Duration.ofMillis(10).toNanos();
  private static final int IDLE_SECONDS = 10;

  private final int places;
  private final TimeSource time;
  private final Runnable wake;
  private final ThreadPoolExecutor threads;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<Holding, Task> leaving = new LinkedHashMap<>();
  private final Map<Holding, Task> taking = new LinkedHashMap<>();
  private final Set<Task> running = new HashSet<>();
  private int strays;

  /**
   * Makes a crew without a thread.
   *
   * @param wake has somebody {@link #look} again
   */
  Crew(int places, PartitionOwner.Ground ground, Runnable wake) {
    this.places = places;
    this.time = ground.time();
    this.wake = wake;
    // A thread that has just ended one task may not be there yet for the next.
    this.threads =
        new ThreadPoolExecutor(
            0,
            2 * (places + STRAYS_MAX),
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> thread(task, ground.group()));
  }

  private static Thread thread(Runnable task, String group) {
    Thread thread = new Thread(task, "ashlar-owner-crew-" + group);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * What is done for a partition; told apart by identity, for the next one may begin before this
   * one has quite ended.
   */
  private static final class Task {
    private final Holding holding;
    private final Runnable body;
    private Optional<Thread> thread = Optional.empty();
    private long begunNanos;
    private boolean stray;
    private boolean stopped;

    Task(Holding holding, Runnable body) {
      this.holding = holding;
      this.body = body;
    }
  }

  /** Takes a partition, for which nothing else is under way. */
  void take(Holding holding, Runnable body) {
    add(taking, new Task(holding, body));
  }

  /** Leaves a partition, for which nothing else is under way, before any is taken. */
  void leave(Holding holding, Runnable body) {
    add(leaving, new Task(holding, body));
  }

  private void add(Map<Holding, Task> waiting, Task task) {
    lock.lock();
    try {
      waiting.put(task.holding, task);
      begin();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether what was to be taken has not begun, and will not. */
  boolean callOff(Holding holding) {
    lock.lock();
    try {
      return taking.remove(holding) != null;
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    for (Optional<Task> next = next(); next.isPresent(); next = next()) {
      if (!isBegun(next.get())) {
        return;
      }
    }
  }

  /** Returns what to begin, if there is a place for it. */
  private Optional<Task> next() {
    return running.size() - strays < places
        ? Stream.of(leaving, taking).flatMap(waiting -> waiting.values().stream()).findFirst()
        : Optional.empty();
  }

  /** Without a thread for it, a task waits on until somebody {@link #look}s again. */
  private boolean isBegun(Task task) {
    task.begunNanos = time.nanos();
    try {
      threads.execute(() -> work(task));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
    leaving.remove(task.holding);
    taking.remove(task.holding);
    running.add(task);
    return true;
  }

  private void work(Task task) {
    begun(task);
    try {
      task.body.run();
    } finally {
      ended(task);
      wake.run();
    }
  }

  private void begun(Task task) {
    lock.lock();
    try {
      task.thread = Optional.of(Thread.currentThread());
      if (task.stopped) {
        Thread.currentThread().interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void ended(Task task) {
    lock.lock();
    try {
      // Whatever interrupted it is meant for nothing that comes after it.
      boolean unused = Thread.interrupted();
      running.remove(task);
      strays -= task.stray ? 1 : 0;
      begin();
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts what is under way for a partition. */
  void stop(Holding holding) {
    lock.lock();
    try {
      for (Task task : running) {
        if (task.holding.equals(holding)) {
          task.stopped = true;
          task.thread.ifPresent(Thread::interrupt);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether a thread is at work here. */
  boolean isOneOf(Thread thread) {
    lock.lock();
    try {
      return running.stream().anyMatch(task -> task.thread.filter(thread::equals).isPresent());
    } finally {
      lock.unlock();
    }
  }

  /** Sets aside what takes long, and returns when to look again, if that is before. */
  long look(long farNanos) {
    lock.lock();
    try {
      long next = farNanos;
      for (Task task : running) {
        long asideNanos = task.begunNanos + ASIDE_NANOS;
        if (!task.stray && asideNanos - time.nanos() > 0) {
          next = asideNanos - next < 0 ? asideNanos : next;
        } else if (!task.stray && strays < STRAYS_MAX) {
          task.stray = true;
          strays++;
        }
      }
      begin();
      return next().isPresent() ? time.nanos() + AGAIN_NANOS : next;
    } finally {
      lock.unlock();
    }
  }

  /** Begins nothing any more; threads end when what they do has ended. */
  void close() {
    threads.shutdown();
  }
}
