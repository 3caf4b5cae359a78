package dev.ashlar.messaging.outbox;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the committed rows of an outbox to their queues.
 *
 * <p><b>Guarantees.</b> Each committed row is sent at least once, and again only after a crash, a
 * lost answer or a pause beyond the turn, with the same message id (OUTBOX-4). Of several relays
 * one sends at a time, and another goes on when it dies (OUTBOX-5). Per destination and key, rows
 * are sent in their order; a row that fails holds back its key, and nothing else (OUTBOX-9). A
 * queue that does not answer delays its own rows; others wait for one exchange with it at most.
 * Nothing of the database is held meanwhile (OUTBOX-11).
 *
 * <p><b>Not guaranteed.</b> That a row is sent in time: it waits for its queue as long as that is
 * away. A row that its queue refuses for good is parked, for an operator to decide.
 *
 * <p><b>Failures.</b> None reach the caller. A store that does not answer is asked again. An {@link
 * Error} stops the relay, which {@link #isRunning()} tells.
 *
 * <p><b>Threads.</b> Safe; one daemon thread of its own, never interrupted by it.
 *
 * <p><b>Limits.</b> {@link RelayOptions}.
 */
public final class OutboxRelay implements AutoCloseable {

  private final RelayRound round;
  private final RelayOptions options;
  private final TimeSource time;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closing;
  private boolean ended;
  private boolean awake;
  private @Nullable Throwable failure;

  private OutboxRelay(
      OutboxStore store,
      Function<String, Optional<MessageQueue>> destinations,
      RelayOptions options) {
    this.options = requireNonNull(options, "options");
    this.round =
        new RelayRound(
            requireNonNull(store, "store"), requireNonNull(destinations, "destinations"), options);
    this.time = options.time();
    this.observer = options.observer();
  }

  /**
   * Starts to send.
   *
   * @param destinations finds the queue of a destination's name
   */
  public static OutboxRelay start(
      OutboxStore store,
      Function<String, Optional<MessageQueue>> destinations,
      RelayOptions options) {
    OutboxRelay relay = new OutboxRelay(store, destinations, options);
    Thread thread = new Thread(relay::run, options.name() + "-relay");
    thread.setDaemon(true);
    thread.start();
    return relay;
  }

  private void run() {
    try {
      while (!isClosing()) {
        if (!isBusy()) {
          awaitWork();
        }
      }
      round.end();
    } catch (InterruptedException | RuntimeException | Error e) {
      observer.count("outbox.relay.failed", 1);
      note(e);
    } finally {
      end();
    }
  }

  /** Makes one round; a store that fails is a reason to pause, not to stop. */
  private boolean isBusy() throws InterruptedException {
    try {
      return round.run();
    } catch (BackendException e) {
      observer.count("outbox.store.failed", 1);
      return false;
    }
  }

  private void awaitWork() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Deadline idle = Deadline.after(options.idle(), time);
      while (!closing && !awake && !idle.hasExpired()) {
        time.await(changed, idle);
      }
      awake = false;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the relay that something was just committed, so that it does not wait to look. */
  public void wake() {
    lock.lock();
    try {
      awake = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns whether the relay is at work; {@code false} once it was closed or has failed. */
  public boolean isRunning() {
    lock.lock();
    try {
      return !ended && !closing;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what stopped the relay, if something did. */
  public Optional<Throwable> failure() {
    lock.lock();
    try {
      return Optional.ofNullable(failure);
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void note(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops after the exchange under way, waiting for it as long as two exchanges may take. */
  @Override
  public void close() {
    try {
      close(Deadline.after(options.sendMax().multipliedBy(2), time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Stops after the exchange under way.
   *
   * @return whether the relay has ended
   */
  public boolean close(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      closing = true;
      changed.signalAll();
      while (!ended && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }
}
