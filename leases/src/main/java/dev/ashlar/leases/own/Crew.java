package dev.ashlar.leases.own;

import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A pool in which what hangs takes a thread but not a place: after a second a task does not count any
 * more, and another one begins. So n threads serve all partitions, and up to STRAYS_MAX of them may hang
 * without holding the others up for longer than that second.
 */

/** Does what is to be done for partitions, a few at a time. */
final class Crew {

  /** How many tasks that take long are suffered beside the others. */
  static final int STRAYS_MAX = 64;

  private static final long ASIDE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final int IDLE_SECONDS = 10;

  private final int places;
  private final TimeSource time;
  private final Runnable wake;
  private final ThreadPoolExecutor threads;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Deque<Task> waiting = new ArrayDeque<>();
  private final Map<Holding, Task> running = new HashMap<>();
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

  /** Does something for a partition, for which nothing else is under way. */
  void run(Holding holding, Runnable body) {
    lock.lock();
    try {
      waiting.add(new Task(holding, body));
      begin();
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    while (!waiting.isEmpty() && running.size() - strays < places) {
      Task task = waiting.remove();
      task.begunNanos = time.nanos();
      running.put(task.holding, task);
      threads.execute(() -> work(task));
    }
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
      running.remove(task.holding);
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
      Task task = running.get(holding);
      if (task != null) {
        task.stopped = true;
        task.thread.ifPresent(Thread::interrupt);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sets aside what takes long, and returns when to look again, if that is before. */
  long look(long farNanos) {
    lock.lock();
    try {
      long next = farNanos;
      for (Task task : List.copyOf(running.values())) {
        long asideNanos = task.begunNanos + ASIDE_NANOS;
        if (!task.stray && asideNanos - time.nanos() > 0) {
          next = asideNanos - next < 0 ? asideNanos : next;
        } else if (!task.stray && strays < STRAYS_MAX) {
          task.stray = true;
          strays++;
        }
      }
      begin();
      return next;
    } finally {
      lock.unlock();
    }
  }

  /** Begins nothing any more; threads end when what they do has ended. */
  void close() {
    threads.shutdown();
  }
}
