package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Consumers and bounds that do not keep what they promise. */
final class ConsumerTwins {

  private ConsumerTwins() {}

  /** Renews for as long as the handler likes. */
  static class RenewsForeverTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      return super.start(queue, handler, options.withHandlingMax(Duration.ofDays(1)));
    }
  }

  /** Takes more than its limit. */
  static class TakesTooManyTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      return super.start(
          queue,
          handler,
          options.withConcurrency(options.concurrency(), options.inFlightMax() * 4));
    }
  }

  /** Settles after the handler where it should settle before. */
  static class MarksAfterWorkTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      return super.start(queue, handler, options.withMode(ConsumerOptions.Mode.AT_LEAST_ONCE));
    }
  }

  /** Settles before the handler where it should settle after. */
  static class MarksBeforeWorkTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      return super.start(queue, handler, options.withMode(ConsumerOptions.Mode.AT_MOST_ONCE));
    }
  }

  /** Waits for ever when it is closed. */
  static class HangsOnCloseTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      super.start(queue, handler, options);
      return deadline -> {
        new CountDownLatch(1).await();
        return true;
      };
    }
  }

  /** Does not wait for running handlers when it is closed. */
  static class ClosesOverHandlersTwin extends QueueTwin {
    @Override
    protected Running start(MessageQueue queue, Handler handler, ConsumerOptions options) {
      Running consumer = super.start(queue, handler, options);
      return deadline -> {
        consumer.close(atOnce());
        return true;
      };
    }
  }

  /** Keeps what it has not begun with until the visibility ends. */
  static class KeepsUnstartedTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        protected Delivery wrap(Delivery delivery) {
          return new ForwardingDelivery(delivery) {
            @Override
            public Settlement release(Deadline deadline) {
              return Settlement.APPLIED;
            }
          };
        }
      };
    }
  }

  /** Throws away what it has not begun with. */
  static class DropsUnstartedTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        protected Delivery wrap(Delivery delivery) {
          return new ForwardingDelivery(delivery) {
            @Override
            public Settlement release(Deadline deadline) throws InterruptedException {
              return settle(Outcome.done(), deadline);
            }
          };
        }
      };
    }
  }

  /** Has room for everything. */
  static class IgnoresCapacityTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return new QueueOptions(
          1_000_000,
          claimed.visibility(),
          claimed.attemptsMax(),
          claimed.lifetime(),
          claimed.payloadMaxBytes(),
          claimed.deadKey());
    }
  }

  /** Confirms what it has no room for. */
  static class SwallowsWhenFullTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy,
          (queue, sending) -> {
            sending.to(queue);
            return new SendResult.Accepted();
          });
    }
  }

  /** Refuses at once, without waiting for room. */
  static class RefusesAtOnceTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy, (queue, sending) -> queue.trySend(sending.message(), sending.delay(), atOnce()));
    }
  }

  /** Hands out what is too old. */
  static class IgnoresExpiryTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return claimed.withLifetime(Deadline.LONGEST);
    }

    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy,
          (queue, sending) -> {
            Message message = sending.message();
            Message endless =
                new Message(
                    message.id(),
                    message.key(),
                    message.headers(),
                    message.payload(),
                    Optional.empty());
            return sending.with(endless).to(queue);
          });
    }
  }
}
