package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * From producers to consumers, in the memory of one process.
 *
 * @param <T> what is handed over
 */
final class HandOver<T> {

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition there = lock.newCondition();
  private final ArrayDeque<T> waiting = new ArrayDeque<>();

  HandOver(TimeSource time) {
    this.time = time;
  }

  void putAll(List<T> more) {
    lock.lock();
    try {
      waiting.addAll(more);
      there.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes up to so many; none if the deadline comes first. */
  List<T> take(int most, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty()) {
        if (!time.await(there, deadline)) {
          return List.of();
        }
      }
      List<T> taken = new ArrayList<>(Math.min(most, waiting.size()));
      while (taken.size() < most && !waiting.isEmpty()) {
        taken.add(waiting.remove());
      }
      if (!waiting.isEmpty()) {
        there.signal();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
