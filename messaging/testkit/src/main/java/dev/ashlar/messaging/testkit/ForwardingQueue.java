package dev.ashlar.messaging.testkit;

import static java.util.Objects.requireNonNull;

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

/**
 * A queue that passes every call on to another one, for those that change one thing: a broker that
 * is away, a process that dies, a twin that is broken on purpose.
 *
 * <p><b>Threads.</b> Safe if the other queue is.
 */
public class ForwardingQueue implements MessageQueue {

  private final MessageQueue inner;

  /** Makes a queue that passes on to {@code inner}. */
  public ForwardingQueue(MessageQueue inner) {
    this.inner = requireNonNull(inner, "inner");
  }

  /** Returns the queue that calls are passed on to. */
  protected final MessageQueue inner() {
    return inner;
  }

  /** Returns what a receiver gets for a delivery; the delivery itself unless overridden. */
  protected Delivery wrap(Delivery delivery) {
    return delivery;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public Guarantees guarantees() {
    return inner.guarantees();
  }

  @Override
  public QueueOptions options() {
    return inner.options();
  }

  @Override
  public SendResult trySend(Message message, Duration delay, Deadline deadline)
      throws InterruptedException {
    return inner.trySend(message, delay, deadline);
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return inner.sendAll(messages, deadline);
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    return inner.receive(most, deadline).stream().map(this::wrap).toList();
  }

  @Override
  public DeadLetters deadLetters() {
    return inner.deadLetters();
  }

  @Override
  public Depth depth(Deadline deadline) throws InterruptedException {
    return inner.depth(deadline);
  }

  @Override
  public void close() {
    inner.close();
  }
}
