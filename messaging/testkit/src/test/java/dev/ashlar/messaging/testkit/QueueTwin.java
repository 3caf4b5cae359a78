package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.Guarantees;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The contract over a queue in memory that is broken on purpose. */
abstract class QueueTwin extends MemoryQueueTest {

  private final Map<String, MessageQueue> broken = new HashMap<>();

  /** Returns the broken form of a queue; every handle of a name is the same one. */
  MessageQueue broken(MessageQueue healthy) {
    return healthy;
  }

  /** Returns the options that the queue really keeps; it goes on claiming the ones it was given. */
  QueueOptions kept(QueueOptions claimed) {
    return claimed;
  }

  @Override
  protected MessageQueue open(String name, QueueOptions options, Observer observer) {
    MessageQueue healthy = super.open(name, kept(options), observer);
    return broken.computeIfAbsent(name, key -> broken(new Claiming(healthy, options)));
  }

  /** What never comes is waited for in vain here, so not for long. */
  @Override
  protected Duration patience() {
    return Duration.ofSeconds(1);
  }

  private static final class Claiming extends ForwardingQueue {
    private final QueueOptions claimed;

    Claiming(MessageQueue inner, QueueOptions claimed) {
      super(inner);
      this.claimed = claimed;
    }

    @Override
    public QueueOptions options() {
      return claimed;
    }

    /** Says that it parks if it was told to, whatever it does. */
    @Override
    public Guarantees guarantees() {
      Guarantees kept = super.guarantees();
      Set<Promise> promises = new HashSet<>(kept.promises());
      if (claimed.deadKey() instanceof DeadKey.Park) {
        promises.add(Promise.KEY_PARKING);
      }
      return new Guarantees(
          promises, kept.confirmed(), kept.clock(), kept.dedupeWindow(), kept.redeliveryHorizon());
    }
  }
}
