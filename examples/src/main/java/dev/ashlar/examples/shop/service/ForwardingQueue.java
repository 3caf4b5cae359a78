package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.List;

/** A queue that does what another one does, for those who change one thing about it. */
public class ForwardingQueue implements MessageQueue {

  private final MessageQueue queue;

  /** Makes a queue that forwards. */
  protected ForwardingQueue(MessageQueue queue) {
    this.queue = queue;
  }

  @Override
  public String name() {
    return queue.name();
  }

  @Override
  public Guarantees guarantees() {
    return queue.guarantees();
  }

  @Override
  public QueueOptions options() {
    return queue.options();
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return queue.trySend(message, delay, deadline);
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return queue.sendAll(messages, deadline);
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    return queue.receive(most, deadline);
  }

  @Override
  public DeadLetters deadLetters() {
    return queue.deadLetters();
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    return queue.depth(deadline);
  }

  @Override
  public void close() {
    queue.close();
  }
}
