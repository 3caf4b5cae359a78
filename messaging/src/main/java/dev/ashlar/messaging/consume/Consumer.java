package dev.ashlar.messaging.consume;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MessageQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loop between a queue and a handler.
 *
 * <p>It receives, keeps the visibility of what it holds alive, hands messages to the handler,
 * settles each as the handler decided, and stops without losing any.
 *
 * <p><b>Guarantees.</b> A message that was handled is settled after its handler has returned, or,
 * in {@link ConsumerOptions.Mode#AT_MOST_ONCE}, before it is called (QUEUE-24, QUEUE-25). While a
 * handler runs nobody else gets its message, up to {@code handlingMax}; then renewal stops
 * (QUEUE-5, QUEUE-6). It never owns more than {@code inFlightMax} messages (QUEUE-20). A message
 * whose time to live has passed while it waited for a thread is not handled but dead-lettered as
 * expired (QUEUE-22). {@link #close(Deadline)} starts no further handler, waits for running ones,
 * and gives the rest back at once (QUEUE-28).
 *
 * <p><b>Not guaranteed.</b> That a handler is stopped: a thread cannot be stopped safely from
 * outside. A handler that outlives its context's deadline runs beside its successor. Put an inbox
 * before effects that must happen once.
 *
 * <p><b>Failures.</b> An exception of the handler is an outcome, see {@link Handler}; so are {@link
 * StackOverflowError}, {@link AssertionError} and {@link LinkageError}, which one message can
 * cause. Any other {@link Error} stops the consumer as if the process had died: nothing is settled
 * or given back, {@link #state()} is {@link State#FAILED}. A queue that does not answer is asked
 * again.
 *
 * <p><b>Threads.</b> Safe. It has {@code concurrency} threads for handlers, one to receive and one
 * to renew, all daemons. None is ever interrupted by it. After closing, the receiving thread may
 * finish a call it is in; what that brings is given back.
 *
 * <p><b>Limits.</b> {@link ConsumerOptions}.
 */
public final class Consumer implements AutoCloseable {

  private static final Duration RECEIVE_MAX = Duration.ofSeconds(1);
  private static final Duration BACKEND_PAUSE = Duration.ofMillis(100);

  private final MessageQueue queue;
  private final ConsumerOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final Handling handling;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition renewalChanged = lock.newCondition();
  private final ArrayDeque<Holding> unstarted = new ArrayDeque<>();
  private final Set<Holding> holdings = new LinkedHashSet<>();
  private State state = State.RUNNING;
  private @Nullable Throwable failure;
  private long renewerWakesNanos;

  private Consumer(MessageQueue queue, Handler handler, ConsumerOptions options) {
    this.queue = requireNonNull(queue, "queue");
    this.options = requireNonNull(options, "options");
    this.time = options.receiver().time();
    this.observer = options.receiver().observer();
    this.handling = new Handling(queue, requireNonNull(handler, "handler"), options);
  }

  /** Starts to consume. */
  public static Consumer start(MessageQueue queue, Handler handler, ConsumerOptions options) {
    Consumer consumer = new Consumer(queue, handler, options);
    consumer.renewerWakesNanos = consumer.time.nanos();
    consumer.startThread("receive", consumer::receive);
    consumer.startThread("renew", consumer::renew);
    for (int i = 1; i <= options.concurrency(); i++) {
      consumer.startThread("handle-" + i, consumer::handle);
    }
    return consumer;
  }

  private void startThread(String role, Loop loop) {
    Thread thread = new Thread(() -> guard(loop), options.name() + "-" + role);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Whatever ends one thread ends the consumer: half a consumer would look alive and do nothing.
   */
  private void guard(Loop loop) {
    try {
      loop.run();
    } catch (InterruptedException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable cause) {
    locked(
        () -> {
          if (state == State.RUNNING || state == State.DRAINING) {
            state = State.FAILED;
            failure = cause;
            observer.count("consumer.failed", 1);
          }
          changed.signalAll();
          renewalChanged.signalAll();
        });
  }

  /** Returns what the consumer is doing. */
  public State state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what stopped the consumer, if something did. */
  public Optional<Throwable> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  private void receive() throws InterruptedException {
    Duration wait = shorter(RECEIVE_MAX, queue.options().visibility().dividedBy(4));
    int room = awaitRoom();
    while (room > 0) {
      long askedNanos = time.nanos();
      try {
        accept(queue.receive(room, Deadline.after(wait, time)), askedNanos);
      } catch (BackendException e) {
        observer.count("consumer.receive.failed", 1);
        time.sleep(BACKEND_PAUSE);
      } catch (IllegalStateException e) {
        // The owner of the queue may close it as soon as the consumer is closed.
        if (state() == State.RUNNING) {
          throw e;
        }
      }
      room = awaitRoom();
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Waits until asking for more pays: somebody is about to run out of work, or half of all may come
   * at once.
   *
   * @return how many messages may come; zero at the end
   */
  private int awaitRoom() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state == State.RUNNING) {
        int room = options.inFlightMax() - holdings.size();
        if (room > 0 && (unstarted.isEmpty() || room >= options.inFlightMax() / 2)) {
          return Math.min(room, MessageQueue.BATCH_MAX);
        }
        changed.await();
      }
      return 0;
    } finally {
      lock.unlock();
    }
  }

  private void accept(List<Delivery> deliveries, long askedNanos) throws InterruptedException {
    Duration visibility = queue.options().visibility();
    List<Holding> late = new ArrayList<>();
    lock.lockInterruptibly();
    try {
      for (Delivery delivery : deliveries) {
        Holding holding = new Holding(delivery, askedNanos, visibility, options.handlingMax());
        if (state == State.RUNNING) {
          holdings.add(holding);
          unstarted.add(holding);
          if (holding.renewAtNanos() - renewerWakesNanos < 0) {
            renewalChanged.signal();
          }
        } else {
          late.add(holding);
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (state() != State.FAILED) {
      release(late, Deadline.after(visibility, time));
    }
  }

  private void handle() throws InterruptedException {
    Optional<Holding> next = awaitNext();
    while (next.isPresent()) {
      Holding holding = next.get();
      handling.run(holding);
      forget(holding);
      next = awaitNext();
    }
  }

  private Optional<Holding> awaitNext() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state == State.RUNNING) {
        Holding holding = unstarted.poll();
        if (holding != null) {
          holding.start(time.nanos());
          // Taking the last one that waits is what makes asking for more worth while.
          changed.signalAll();
          return Optional.of(holding);
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void forget(Holding holding) {
    locked(
        () -> {
          holdings.remove(holding);
          changed.signalAll();
        });
  }

  private void renew() throws InterruptedException {
    List<Holding> due = awaitDue();
    while (!due.isEmpty()) {
      for (Holding holding : due) {
        renew(holding);
      }
      due = awaitDue();
    }
  }

  private void renew(Holding holding) throws InterruptedException {
    boolean wanted = holding.renewedOrDropped(time, observer);
    if (!wanted) {
      // What waited for a thread for as long as a handling may take is better off elsewhere.
      locked(
          () -> {
            if (unstarted.remove(holding)) {
              holdings.remove(holding);
            }
            changed.signalAll();
          });
    }
  }

  /** Waits until visibilities must be renewed; the answer is empty at the end only. */
  private List<Holding> awaitDue() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state == State.RUNNING || state == State.DRAINING) {
        long now = time.nanos();
        List<Holding> due = holdings.stream().filter(each -> each.isRenewalDue(now)).toList();
        if (!due.isEmpty()) {
          return due;
        }
        Duration wait = Duration.ofHours(1);
        for (Holding holding : holdings) {
          wait = shorter(wait, holding.untilRenewal(now));
        }
        renewerWakesNanos = now + wait.toNanos();
        time.await(renewalChanged, Deadline.after(wait, time));
      }
      return List.of();
    } finally {
      lock.unlock();
    }
  }

  /** Closes, waiting for running handlers as long as the options say. */
  @Override
  public void close() {
    try {
      close(Deadline.after(options.drainMax(), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts no further handler, gives messages back that none has begun with, and waits for the
   * running ones. Closing again waits again.
   *
   * @return whether every handler has ended and its message is settled
   * @throws InterruptedException if interrupted while waiting; handlers go on, and nothing new
   *     starts
   */
  public boolean close(Deadline deadline) throws InterruptedException {
    release(stopDispatch(), deadline);
    lock.lockInterruptibly();
    try {
      while (state == State.DRAINING && !holdings.isEmpty() && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      if (state == State.DRAINING) {
        state = State.CLOSED;
      }
      renewalChanged.signalAll();
      return state == State.CLOSED && holdings.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private List<Holding> stopDispatch() {
    List<Holding> rest = new ArrayList<>();
    locked(
        () -> {
          if (state == State.RUNNING) {
            state = State.DRAINING;
            rest.addAll(unstarted);
            unstarted.clear();
            rest.forEach(holdings::remove);
          }
          changed.signalAll();
        });
    return rest;
  }

  private void release(List<Holding> rest, Deadline deadline) throws InterruptedException {
    for (Holding holding : rest) {
      try {
        holding.delivery().release(deadline);
      } catch (BackendException | IllegalStateException e) {
        // It comes back by itself when its visibility ends.
        observer.count("consumer.release.failed", 1);
      }
    }
  }

  private void locked(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      lock.unlock();
    }
  }

  /** What a consumer is doing. */
  public enum State {
    /** Receives and handles. */
    RUNNING,
    /** Starts nothing new; handlers are running. */
    DRAINING,
    /** Was closed. */
    CLOSED,
    /**
     * Was stopped by an error or by its queue being closed under it; {@link #failure()} says which.
     */
    FAILED
  }

  private interface Loop {
    void run() throws InterruptedException;
  }
}
