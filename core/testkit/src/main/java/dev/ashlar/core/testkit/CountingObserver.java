package dev.ashlar.core.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts the events and steps that a block tells of, and lets a test wait for them.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Keeps every step's name; for tests only.
 */
public final class CountingObserver implements Observer {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Long> events = new HashMap<>();
  private final List<String> steps = new ArrayList<>();

  /** Makes an observer that has seen nothing. */
  public CountingObserver() {}

  @Override
  public void count(String event, long n) {
    if (n < 1) {
      throw new IllegalArgumentException(event + ": " + n + " (expected: >= 1)");
    }
    lock.lock();
    try {
      events.merge(event, n, Long::sum);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void step(String name) {
    lock.lock();
    try {
      steps.add(name);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how often an event has been counted; zero if never. */
  public long count(String event) {
    lock.lock();
    try {
      return events.getOrDefault(event, 0L);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the counts of all events. */
  public Map<String, Long> counts() {
    lock.lock();
    try {
      return Map.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the names of all steps, in order. */
  public List<String> steps() {
    lock.lock();
    try {
      return List.copyOf(steps);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits, in real time, until an event has been counted at least {@code n} times.
   *
   * @throws AssertionError if it has not in time
   */
  public void awaitCount(String event, long n, Duration realTimeout) throws InterruptedException {
    await(event, () -> events.getOrDefault(event, 0L), n, realTimeout);
  }

  /**
   * Waits, in real time, until a step has been passed at least {@code n} times.
   *
   * @throws AssertionError if it has not in time
   */
  public void awaitStep(String name, long n, Duration realTimeout) throws InterruptedException {
    await(name, () -> steps.stream().filter(name::equals).count(), n, realTimeout);
  }

  private void await(String what, Count count, long n, Duration realTimeout)
      throws InterruptedException {
    Deadline deadline = Deadline.after(realTimeout, TimeSource.system());
    lock.lock();
    try {
      while (count.now() < n) {
        if (!TimeSource.system().await(changed, deadline) && count.now() < n) {
          throw new AssertionError(
              what + ": " + count.now() + " times after " + realTimeout + ", expected: " + n);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private interface Count {
    long now();
  }
}
