package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The loop between a member of a group and a handler.
 *
 * <p>It attends, reads what the member owns, hands records to the handler, several keys at once and
 * each key in order, commits what is handled, and gives partitions back without losing any of it.
 *
 * <p><b>Guarantees.</b> What is committed never passes a record that is not handled, however many
 * are handled at once (LOG-6). When a partition is lost, what was read of it is dropped, and no
 * handler starts for it (LOG-12). A record that cannot be handled follows {@link Poison} (LOG-17).
 * The observer of its options is told of each handling, and how it ended (LOG-20). A partition that
 * is asked back is given back once its running handlers have ended. {@link #close(Deadline)} starts
 * no further handler, waits for the running ones, commits and leaves.
 *
 * <p><b>Not guaranteed.</b> Single handling: what was handled and not committed when a process died
 * comes again, and a handler may still run when its partition has gone to another member. Put an
 * inbox before effects that must happen once. Attempts are counted here and not in the log, so a
 * record of which the process dies is not found to be poison.
 *
 * <p><b>Failures.</b> An exception of the handler is an outcome, see {@link Handler}; so are {@link
 * StackOverflowError}, {@link AssertionError} and {@link LinkageError}. Any other {@link Error}
 * stops the consumer as if the process had died. A log that does not answer is asked again.
 *
 * <p><b>Threads.</b> Safe. It has {@code concurrency} threads for handlers and one to attend, all
 * daemons. None is ever interrupted by it.
 *
 * <p><b>Limits.</b> {@link LogConsumerOptions}; of {@link
 * dev.ashlar.messaging.consume.ConsumerOptions}, {@code handlingMax} only sets the deadline of a
 * handler's context, because a group's member keeps its partitions whatever its handlers do.
 */
public final class LogConsumer implements AutoCloseable {

  private final LogConsumerOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final LogHandling handling;
  private final Attending attending;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Lanes lanes = new Lanes();
  private State state = State.RUNNING;
  private @Nullable Throwable failure;

  private LogConsumer(GroupMember member, Handler handler, LogConsumerOptions options) {
    this.options = requireNonNull(options, "options");
    this.time = options.handling().receiver().time();
    this.observer = options.handling().receiver().observer();
    this.handling = new LogHandling(member.log(), requireNonNull(handler, "handler"), options);
    this.attending = new Attending(member, options, lanes, lock, changed);
  }

  /**
   * Starts to consume.
   *
   * @param member belongs to the consumer from now on, which leaves the group when it is closed
   */
  public static LogConsumer start(GroupMember member, Handler handler, LogConsumerOptions options) {
    LogConsumer consumer = new LogConsumer(member, handler, options);
    consumer.startThread("attend", consumer::attend);
    for (int i = 1; i <= options.handling().concurrency(); i++) {
      consumer.startThread("handle-" + i, consumer::handle);
    }
    return consumer;
  }

  private void startThread(String role, Loop loop) {
    Thread thread = new Thread(() -> guard(loop), options.handling().name() + "-" + role);
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
    lock.lock();
    try {
      if (state == State.RUNNING || state == State.DRAINING) {
        state = State.FAILED;
        failure = cause;
        observer.count("logconsumer.failed", 1);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
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

  /** Returns the partitions that the consumer owns, as far as it knows, with their epochs. */
  public Map<String, Long> owned() {
    lock.lock();
    try {
      return attending.owned();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many records are read and not finished: never more than the options allow. */
  public int inFlight() {
    lock.lock();
    try {
      return lanes.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the owned partitions that do not go on, and why. */
  public Map<String, String> stopped() {
    lock.lock();
    try {
      return attending.stopped();
    } finally {
      lock.unlock();
    }
  }

  private void attend() throws InterruptedException {
    while (isAt(State.RUNNING) || isDraining()) {
      try {
        attending.round(isAt(State.RUNNING));
      } catch (BackendException e) {
        handling.pause(e);
      }
    }
    if (!isAt(State.FAILED)) {
      attending.leave();
      becomeClosed();
    }
  }

  private boolean isAt(State expected) {
    return state() == expected;
  }

  private boolean isDraining() {
    lock.lock();
    try {
      return state == State.DRAINING && lanes.size() > 0;
    } finally {
      lock.unlock();
    }
  }

  private void becomeClosed() {
    lock.lock();
    try {
      state = State.CLOSED;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void handle() throws InterruptedException {
    Optional<Work> next = awaitNext();
    while (next.isPresent()) {
      Work work = next.get();
      if (work.held.owned.standing() != OwnedPartition.Standing.LOST) {
        noteNext(work, handling.run(work));
      } else {
        noteLost(work);
      }
      next = awaitNext();
    }
  }

  private Optional<Work> awaitNext() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (state == State.RUNNING) {
        Optional<Work> work = lanes.take(time.nanos());
        if (work.isPresent()) {
          return work;
        }
        OptionalLong due = lanes.nextDueNanos();
        if (due.isPresent()) {
          Duration wait = Duration.ofNanos(Math.max(1, due.getAsLong() - time.nanos()));
          time.await(changed, Deadline.after(wait, time));
        } else {
          changed.await();
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void noteLost(Work work) {
    lock.lock();
    try {
      work.held.lose();
      lanes.drop(work.held);
      lanes.ended(work);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void noteNext(Work work, LogHandling.Next next) {
    lock.lock();
    try {
      boolean goesOn = state == State.RUNNING && work.held.mayStart();
      if (next instanceof LogHandling.Next.Again again && goesOn) {
        work.dueNanos = time.nanos() + again.delay().toNanos();
        lanes.again(work);
      } else {
        if (next instanceof LogHandling.Next.Ended) {
          work.held.tracker.ended(work.entry.position());
        } else if (next instanceof LogHandling.Next.Stopped stopped) {
          work.held.stop(stopped.why());
          lanes.drop(work.held);
          observer.count("logconsumer.stopped", 1);
        }
        lanes.ended(work);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes, waiting for running handlers as long as the options say. */
  @Override
  public void close() {
    try {
      close(Deadline.after(options.handling().drainMax(), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts no further handler, waits for the running ones, commits what is handled, and leaves the
   * group. What still runs at the deadline is not committed, and comes again elsewhere. Closing
   * again waits again.
   *
   * @return whether every handler has ended and the group knows
   * @throws InterruptedException if interrupted while waiting; handlers go on, and nothing new
   *     starts
   */
  public boolean close(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (state == State.RUNNING) {
        state = State.DRAINING;
        attending.dropUnstarted();
      }
      changed.signalAll();
      while (state == State.DRAINING && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      if (state == State.DRAINING) {
        // The attending thread commits what it can, leaves, and so lets others go on.
        state = State.LEAVING;
        changed.signalAll();
      }
      return state == State.CLOSED && lanes.size() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** What a consumer is doing. */
  public enum State {
    /** Attends, reads and handles. */
    RUNNING,
    /** Starts nothing new; handlers are running. */
    DRAINING,
    /** Did not end in time; commits what is handled and leaves the group. */
    LEAVING,
    /** Has left the group. */
    CLOSED,
    /** Was stopped by an error; {@link #failure()} says which. */
    FAILED
  }

  private interface Loop {
    void run() throws InterruptedException;
  }
}
