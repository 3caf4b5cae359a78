package dev.ashlar.messaging.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;

/**
 * Where a topic finds the queues of its subscriptions; what an application brings for its engine.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface SubscriberQueues {

  /**
   * Returns the queue of that name, and makes it if there is none. Asked again, it may return the
   * same object: topics do not close what they get here.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   */
  MessageQueue open(String name) throws InterruptedException;

  /** Removes the queue of a subscription that has ended, with what it holds, if there is one. */
  void drop(String name, Deadline deadline) throws InterruptedException;

  /**
   * Returns queues in the memory of this process.
   *
   * @param options the bounds of each
   */
  static SubscriberQueues inMemory(QueueOptions options, TimeSource time, Observer observer) {
    return new MemoryQueues(options, time, observer);
  }
}
