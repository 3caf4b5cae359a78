package dev.ashlar.messaging.topic;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.ExclusiveRight;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Forwards what is published to a {@link QueueTopic} into the queue of each subscription.
 *
 * <p><b>Guarantees.</b> A message of the source is settled only after every subscription's queue
 * has confirmed it, dropped it by its policy, or gone (TOPIC-4). A bridge that dies anywhere leaves
 * its messages to the next one, which brings them to all: duplicates, with the same ids (TOPIC-3).
 * Where the source keeps the order of keys, so does each subscription's queue, also across a
 * restart (TOPIC-8).
 *
 * <p><b>Not guaranteed.</b> That duplicates of a paused bridge come in order: they come late. Each
 * death of a bridge is an attempt of what it held; give the source many. That a message goes on
 * which one queue refuses for good: it is treated as one for which there is no room, and counted as
 * {@code topic.unwelcome}.
 *
 * <p><b>Failures.</b> None reach the caller. A queue or registry that does not answer is asked
 * again. An {@link Error}, or a source that is closed, stops the bridge, which {@link #isRunning()}
 * tells.
 *
 * <p><b>Threads.</b> Safe; one daemon thread of its own, never interrupted by it. Several bridges
 * of one topic share its messages, where its source allows competing consumers.
 *
 * <p><b>Limits.</b> {@link TopicOptions}.
 *
 * @see QueueTopic#startBridge()
 */
public final class Bridge implements AutoCloseable {

  private static final Duration BACKEND_PAUSE = Duration.ofMillis(100);

  private final BridgeRound round;
  private final Optional<ExclusiveRight> right;
  private final TimeSource time;
  private final Observer observer;
  private final Duration closeMax;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean closing;
  private boolean ended;
  private @Nullable Throwable failure;

  private Bridge(QueueTopic.Parts parts, Optional<ExclusiveRight> right) {
    this.round = new BridgeRound(parts);
    this.right = requireNonNull(right, "right");
    this.time = parts.options().time();
    this.observer = parts.options().observer();
    this.closeMax = parts.options().exchangeMax().multipliedBy(2);
  }

  static Bridge start(QueueTopic.Parts parts, Optional<ExclusiveRight> right) {
    Bridge bridge = new Bridge(parts, right);
    Thread thread = new Thread(bridge::run, parts.source().name() + "-bridge");
    thread.setDaemon(true);
    thread.start();
    return bridge;
  }

  private void run() {
    try {
      while (!isClosing() && right.map(ExclusiveRight::stillHeld).orElse(true)) {
        runRound();
      }
      round.end();
    } catch (InterruptedException | RuntimeException | Error e) {
      observer.count("topic.bridge.failed", 1);
      note(e);
    } finally {
      end();
    }
  }

  private void runRound() throws InterruptedException {
    try {
      round.run(this::isClosing);
    } catch (BackendException e) {
      observer.count("topic.backend.failed", 1);
      time.sleep(BACKEND_PAUSE);
    }
  }

  /**
   * Returns whether the bridge is at work; {@code false} once it was closed, has failed, or has
   * lost its right.
   */
  public boolean isRunning() {
    lock.lock();
    try {
      return !ended && !closing;
    } finally {
      lock.unlock();
    }
  }

  /** Returns what stopped the bridge, if something did. */
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
      close(Deadline.after(closeMax, time));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Stops after the exchange under way; what not every subscription has goes back to the source.
   *
   * @return whether the bridge has ended
   */
  public boolean close(Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      closing = true;
      while (!ended && !deadline.hasExpired()) {
        time.await(changed, deadline);
      }
      return ended;
    } finally {
      lock.unlock();
    }
  }
}
