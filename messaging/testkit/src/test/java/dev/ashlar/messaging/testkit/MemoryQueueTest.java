package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;

/** The queue in memory keeps the contract, on clocks that are moved by hand. */
@Subject("memory")
class MemoryQueueTest extends InProcessQueueContract {

  @Override
  protected MessageQueue make(
      String name, QueueOptions options, TimeSource time, Observer observer) {
    return MemoryQueue.of(name, options, time, observer);
  }
}
