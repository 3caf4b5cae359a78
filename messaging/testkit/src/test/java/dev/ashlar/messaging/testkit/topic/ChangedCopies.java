package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.testkit.ForwardingQueue;
import java.util.List;
import java.util.function.UnaryOperator;

/** A queue of a subscription that stores something else than what it is sent. */
final class ChangedCopies extends ForwardingQueue {

  private final UnaryOperator<Message> change;

  ChangedCopies(MessageQueue inner, UnaryOperator<Message> change) {
    super(inner);
    this.change = change;
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    return super.sendAll(messages.stream().map(change).toList(), deadline);
  }
}
