package dev.ashlar.resilience.http;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/*
 * The JDK's server hands a connection over as soon as its first byte is there, and reads in the thread
 * that it is given. So the queue stands before reading, and refusing a request takes a thread too:
 *
 *                        room   ┌───────┐
 *   a request begins ───┬─────▶ │ queue │ ──▶ workers: read, answer
 *                       │ none  ├───────┤
 *                       ├─────▶ │ queue │ ──▶ refusers: read the headers, answer 503
 *                       │ none  └───────┘
 *                       └─────▶ the connection is closed
 *
 * The moment of arrival is taken here, before the queue: waiting counts against the deadline.
 */

/** The threads of one service, and what waits for them. */
final class Workers implements Executor {

  private static final int REFUSERS = 2;
  private static final int REFUSALS_MAX = 64;
  private static final Duration REFUSAL_MAX = Duration.ofSeconds(1);

  private final int limit;
  private final Duration readMax;
  private final TimeSource time;
  private final Observer observer;
  private final List<Worker> threads = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Each wakes as few as can do something: with all of them awake at each request, they do little
   * else.
   */
  private final Condition work = lock.newCondition();

  private final Condition refusals = lock.newCondition();
  private final Condition left = lock.newCondition();
  private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
  private final ArrayDeque<Arrival> refused = new ArrayDeque<>();
  private int running;
  private boolean draining;
  private boolean closed;

  Workers(HttpServiceOptions options) {
    this.limit = options.threads() + options.queueMax();
    this.readMax = options.readMax();
    this.time = options.receiver().time();
    this.observer = options.receiver().observer();
    for (int i = 1; i <= options.threads(); i++) {
      threads.add(new Worker("ashlar-http-" + i, false));
    }
    for (int i = 1; i <= REFUSERS; i++) {
      threads.add(new Worker("ashlar-http-refuse-" + i, true));
    }
  }

  void start() {
    threads.forEach(Thread::start);
  }

  @Override
  public void execute(Runnable task) {
    if (!hasTaken(new Arrival(task, time.nanos()))) {
      observer.count("http.dropped", 1);
      throw new RejectedExecutionException("more requests than can even be refused");
    }
    observer.count("http.arrived", 1);
  }

  private boolean hasTaken(Arrival arrival) {
    lock.lock();
    try {
      boolean room = !draining && running + waiting.size() < limit;
      if (closed || (!room && refused.size() >= REFUSALS_MAX)) {
        return false;
      }
      (room ? waiting : refused).add(arrival);
      (room ? work : refusals).signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses what comes from now on, and waits for what came before. */
  boolean drain(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      draining = true;
      while (running + waiting.size() > 0 && !deadline.hasExpired()) {
        time.await(left, deadline);
      }
      return running + waiting.size() == 0;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      refused.clear();
      work.signalAll();
      refusals.signalAll();
      left.signalAll();
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
  }

  /** A request whose first byte has come. */
  private record Arrival(Runnable task, long nanos) {}

  /** One thread; what it works on can be asked from within. */
  final class Worker extends Thread {
    private final boolean refuses;
    private final Watch watch = new Watch(time, this);
    private long arrivedNanos;

    private Worker(String name, boolean refuses) {
      super(name);
      this.refuses = refuses;
      setDaemon(true);
    }

    boolean refuses() {
      return refuses;
    }

    Watch watch() {
      return watch;
    }

    long arrivedNanos() {
      return arrivedNanos;
    }

    @Override
    public void run() {
      for (Optional<Arrival> next = take(); next.isPresent(); next = take()) {
        arrivedNanos = next.get().nanos();
        try {
          serve(next.get().task());
        } finally {
          // What a handler left of an interrupt is not the next request's.
          boolean unused = Thread.interrupted();
          leave();
        }
      }
    }

    private void serve(Runnable task) {
      watch.begin(refuses && REFUSAL_MAX.compareTo(readMax) < 0 ? REFUSAL_MAX : readMax);
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        // The exchange answers for its handler; what comes out is the server's own, and one
        // request.
        observer.count("http.exchange.failed", 1);
      } finally {
        if (watch.end()) {
          observer.count("http.slow", 1);
        }
      }
    }

    /** Waits for a request; there is none any more once the service is closed. */
    private Optional<Arrival> take() {
      lock.lock();
      try {
        ArrayDeque<Arrival> queue = refuses ? refused : waiting;
        Condition come = refuses ? refusals : work;
        while (queue.isEmpty() && !closed) {
          come.awaitUninterruptibly();
        }
        if (!queue.isEmpty() && !refuses) {
          running++;
        }
        return Optional.ofNullable(queue.poll());
      } finally {
        lock.unlock();
      }
    }

    private void leave() {
      lock.lock();
      try {
        running -= refuses ? 0 : 1;
        left.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
