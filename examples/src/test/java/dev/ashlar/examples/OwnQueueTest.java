package dev.ashlar.examples;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.testkit.InProcessQueueContract;

// [doc:InProcessQueueContract]
// [readme:own-queue]
@Subject("own")
class OwnQueueTest extends InProcessQueueContract {

  @Override
  protected MessageQueue make(
      String name, QueueOptions options, TimeSource time, Observer observer) {
    return new OwnQueue(name, options, time, observer);
  }
}
// [/readme]
// [/doc]
