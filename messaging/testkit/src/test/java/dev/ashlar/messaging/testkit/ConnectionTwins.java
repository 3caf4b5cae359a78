package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Queues whose handles are connections, for the one promise that no queue here makes yet. */
final class ConnectionTwins {

  private ConnectionTwins() {}

  /** Gives back at once what the holder of a lost connection held. */
  static class Connected extends MemoryQueueTest {

    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
      return new Connection(super.open(name, options, observer));
    }

    @Override
    protected void cutConnection(MessageQueue handle) throws InterruptedException {
      ((Connection) handle).cut(soon());
    }
  }

  /** Notices a lost connection only when the lease ends. */
  static class IgnoresLostConnectionsTwin extends QueueTwin {

    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new Connection(healthy);
    }

    @Override
    protected void cutConnection(MessageQueue handle) {}
  }

  private static final class Connection extends ForwardingQueue {
    private final List<Delivery> held = new ArrayList<>();

    Connection(MessageQueue inner) {
      super(inner);
    }

    @Override
    public Guarantees guarantees() {
      Guarantees kept = super.guarantees();
      Set<Promise> promises = EnumSet.of(Promise.CONNECTION_LOSS);
      promises.addAll(kept.promises());
      return new Guarantees(
          promises, kept.confirmed(), kept.clock(), kept.dedupeWindow(), kept.redeliveryHorizon());
    }

    @Override
    protected Delivery wrap(Delivery delivery) {
      held.add(delivery);
      return delivery;
    }

    void cut(Deadline deadline) throws InterruptedException {
      for (Delivery delivery : held) {
        delivery.release(deadline);
      }
    }
  }
}
