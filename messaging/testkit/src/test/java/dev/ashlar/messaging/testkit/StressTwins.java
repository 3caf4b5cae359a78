package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Queues that break a promise now and then, as a race does. */
final class StressTwins {

  private static final int NOW_AND_THEN = 50;

  private StressTwins() {}

  /** The stress over a queue in memory that is broken on purpose. */
  abstract static class StressTwin extends QueueStress {
    private final Map<String, MessageQueue> queues = new ConcurrentHashMap<>();
    private final AtomicInteger calls = new AtomicInteger();

    StressTwin() {
      super(3, 1);
    }

    abstract MessageQueue broken(MessageQueue healthy);

    boolean isNow() {
      return calls.incrementAndGet() % NOW_AND_THEN == 0;
    }

    @Override
    protected MessageQueue open(String name, QueueOptions options) {
      return queues.computeIfAbsent(
          name, key -> broken(MemoryQueue.of(key, options, TimeSource.system(), Observer.none())));
    }
  }

  /** Forgets some of what it confirms. */
  static class LosesSomeTwin extends StressTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy, (queue, sending) -> isNow() ? new SendResult.Accepted() : sending.to(queue));
    }
  }

  /** Delivers some of what is done again. */
  static class RepeatsSomeTwin extends StressTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) ->
              delivery.settle(
                  outcome instanceof Outcome.Done && isNow()
                      ? new Outcome.Retry(Duration.ZERO, "not yet")
                      : outcome,
                  deadline));
    }
  }

  /** Does not look at the key of some messages. */
  static class ForgetsSomeKeysTwin extends StressTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy,
          (queue, sending) -> {
            Message message = sending.message();
            Message keyless = Message.of(message.id(), message.payload());
            return (isNow() ? sending.with(keyless) : sending).to(queue);
          });
    }
  }
}
