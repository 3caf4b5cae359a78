package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;

/** A queue that does something else than its deliveries were settled with. */
final class ChangedOutcomes extends ForwardingQueue {

  private final Change change;

  ChangedOutcomes(MessageQueue inner, Change change) {
    super(inner);
    this.change = change;
  }

  @Override
  protected Delivery wrap(Delivery delivery) {
    return new ForwardingDelivery(delivery) {
      @Override
      public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
        return change.settle(inner(), outcome, deadline);
      }
    };
  }

  /** What is done in place of a settlement. */
  @FunctionalInterface
  interface Change {
    Settlement settle(Delivery delivery, Outcome outcome, Deadline deadline)
        throws InterruptedException;
  }
}
