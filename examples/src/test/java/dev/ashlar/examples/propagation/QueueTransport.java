package dev.ashlar.examples.propagation;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.tracing.testkit.TransportContract.Handler;
import dev.ashlar.tracing.testkit.TransportContract.Transport;

/** A queue in memory, and its consumer. */
final class QueueTransport implements Transport {

  private final Observer observer;
  private final MessageQueue queue;

  QueueTransport(Observer observer) {
    this.observer = observer;
    this.queue = MemoryQueue.of("payment", QueueOptions.capacity(1000), Peers.TIME, observer);
  }

  @Override
  public void send(String text) throws InterruptedException {
    queue.send(Message.of(MessageId.next(IdSource.system()), Bytes.utf8(text)), Peers.soon());
  }

  @Override
  public void deliver(Handler handler) throws Exception {
    Consuming.whatWaits(queue, observer, message -> handler.handle(message.payload().toUtf8()));
  }
}
