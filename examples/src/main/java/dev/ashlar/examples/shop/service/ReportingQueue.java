package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import java.util.List;

/** A queue as the relay sees it: each message that it has accepted is a step of its order. */
final class ReportingQueue extends ForwardingQueue {

  private final Step.Listener steps;

  ReportingQueue(MessageQueue queue, Step.Listener steps) {
    super(queue);
    this.steps = steps;
  }

  @Override
  public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
      throws InterruptedException {
    List<SendResult> results = super.sendAll(messages, deadline);
    for (int i = 0; i < messages.size(); i++) {
      if (results.get(i) instanceof SendResult.Accepted) {
        steps.reached(Step.SENT, OrderMessages.number(messages.get(i)));
      }
    }
    return results;
  }
}
