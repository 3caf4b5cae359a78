package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import java.util.List;

/** A queue that notes how much its user holds, and when it last asked to keep it. */
final class WatchedQueue extends ForwardingQueue {

  private final TimeSource time;
  private int held;
  private int mostHeld;
  private long heldSince;

  WatchedQueue(MessageQueue inner, TimeSource time) {
    super(inner);
    this.time = time;
    this.heldSince = time.nanos();
  }

  /** Returns how many deliveries were neither settled nor given back at any one time. */
  synchronized int mostHeld() {
    return mostHeld;
  }

  /** Returns when the request was made that last gave the user a whole visibility. */
  synchronized long heldSince() {
    return heldSince;
  }

  @Override
  public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
    List<Delivery> deliveries = super.receive(most, deadline);
    synchronized (this) {
      held += deliveries.size();
      mostHeld = Math.max(mostHeld, held);
    }
    return deliveries;
  }

  @Override
  protected Delivery wrap(Delivery delivery) {
    return new Watched(delivery);
  }

  private synchronized void letGo() {
    held--;
  }

  private synchronized void heldSince(long nanos) {
    heldSince = nanos;
  }

  private final class Watched extends ForwardingDelivery {

    Watched(Delivery inner) {
      super(inner);
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
      Settlement settlement = super.settle(outcome, deadline);
      letGo();
      return settlement;
    }

    @Override
    public Settlement release(Deadline deadline) throws InterruptedException {
      Settlement settlement = super.release(deadline);
      letGo();
      return settlement;
    }

    @Override
    public Settlement renew(Deadline deadline) throws InterruptedException {
      long asked = time.nanos();
      Settlement settlement = super.renew(deadline);
      if (settlement == Settlement.APPLIED) {
        heldSince(asked);
      }
      return settlement;
    }
  }
}
