package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Queues that lose, repeat, reorder or change what they carry. */
final class DeliveryTwins {

  private DeliveryTwins() {}

  /** Confirms every message and forgets each fifth. */
  static class LosesSendsTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      AtomicInteger count = new AtomicInteger();
      return new ChangedSends(
          healthy,
          (queue, sending) ->
              count.incrementAndGet() % 5 == 0 ? new SendResult.Accepted() : sending.to(queue));
    }
  }

  /** Acks when it hands a message out. */
  static class AcksEarlyTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
          List<Delivery> deliveries = new ArrayList<>();
          for (Delivery delivery : super.receive(most, deadline)) {
            delivery.settle(Outcome.done(), deadline);
            deliveries.add(new AlwaysApplied(delivery));
          }
          return deliveries;
        }
      };
    }
  }

  /** Says yes to whatever it is asked, and does nothing. */
  private static final class AlwaysApplied extends ForwardingDelivery {
    AlwaysApplied(Delivery inner) {
      super(inner);
    }

    @Override
    public Settlement settle(Outcome outcome, Deadline deadline) {
      return Settlement.APPLIED;
    }

    @Override
    public Settlement renew(Deadline deadline) {
      return Settlement.APPLIED;
    }
  }

  /** Never takes a message back from a consumer that is gone. */
  static class NeverLapsesTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return claimed.withVisibility(Duration.ofDays(1));
    }
  }

  /** Takes messages back in half of the time. */
  static class LapsesEarlyTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return claimed.withVisibility(claimed.visibility().dividedBy(2));
    }
  }

  /** Says that it renewed, and did not. */
  static class RenewsNothingTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        protected Delivery wrap(Delivery delivery) {
          return new ForwardingDelivery(delivery) {
            @Override
            public Settlement renew(Deadline deadline) {
              return Settlement.APPLIED;
            }
          };
        }
      };
    }
  }

  /** Calls every delivery the first. */
  static class ForgetsAttemptsTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        protected Delivery wrap(Delivery delivery) {
          return new ForwardingDelivery(delivery) {
            @Override
            public int attempt() {
              return 1;
            }
          };
        }
      };
    }
  }

  /** Shows delayed messages at once. */
  static class IgnoresDelayTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy,
          (queue, sending) -> queue.trySend(sending.message(), Duration.ZERO, sending.deadline()));
    }
  }

  /** Calls a send refused when it does not know. */
  static class CallsUnknownRefusedTwin extends QueueTwin {
    @Override
    protected MessageQueue openLosingAnswers(String name, QueueOptions options) {
      return new ChangedSends(
          open(name, options, Observer.none()),
          (queue, sending) -> {
            sending.to(queue);
            return new SendResult.Refused(new Advice.Transient(), "no answer in time");
          });
    }
  }

  /** Answers a batch with one word. */
  static class AnswersAllOrNothingTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
            throws InterruptedException {
          List<SendResult> results = super.sendAll(messages, deadline);
          SendResult worst = results.get(0);
          for (SendResult result : results) {
            worst = result instanceof SendResult.Accepted ? worst : result;
          }
          SendResult all = worst;
          return results.stream().map(result -> all).toList();
        }
      };
    }
  }

  /** Sends a whole batch again when a part of it was refused. */
  static class RepeatsBatchesTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
            throws InterruptedException {
          List<SendResult> results = super.sendAll(messages, deadline);
          return results.stream().allMatch(SendResult.Accepted.class::isInstance)
              ? results
              : super.sendAll(messages, deadline);
        }
      };
    }
  }

  /** Drops headers without a value, as transports do that take them for missing. */
  static class DropsEmptyHeadersTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedSends(
          healthy, (queue, sending) -> sending.with(withoutEmpty(sending.message())).to(queue));
    }

    private static Message withoutEmpty(Message message) {
      List<Headers> kept = new ArrayList<>(List.of(Headers.empty()));
      message
          .headers()
          .forEach(
              (name, value) -> {
                if (!value.isEmpty()) {
                  kept.add(kept.get(kept.size() - 1).plus(name, value));
                }
              });
      return message.withHeaders(kept.get(kept.size() - 1));
    }
  }

  /** Lets what the first handler added come along with the next delivery. */
  static class SharesHeadersTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        protected Delivery wrap(Delivery delivery) {
          return new ForwardingDelivery(delivery) {
            @Override
            public Message message() {
              Message message = super.message();
              return attempt() == 1
                  ? message
                  : message.withHeaders(message.headers().plus("added", "by a handler"));
            }
          };
        }
      };
    }
  }

  /** Hands out what was sent last. */
  static class LastInFirstOutTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      Deque<Delivery> taken = new ArrayDeque<>();
      return new ForwardingQueue(healthy) {
        @Override
        public synchronized List<Delivery> receive(int most, Deadline deadline)
            throws InterruptedException {
          super.receive(BATCH_MAX, taken.isEmpty() ? deadline : atOnce()).forEach(taken::push);
          return taken.isEmpty() ? List.of() : List.of(taken.pop());
        }
      };
    }
  }

  /** Does not look at keys. */
  static class IgnoresKeysTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      Map<MessageId, Message> sent = new ConcurrentHashMap<>();
      MessageQueue keyless =
          new ForwardingQueue(healthy) {
            @Override
            protected Delivery wrap(Delivery delivery) {
              return new ForwardingDelivery(delivery) {
                @Override
                public Message message() {
                  return sent.getOrDefault(super.message().id(), super.message());
                }
              };
            }
          };
      return new ChangedSends(
          keyless,
          (queue, sending) -> {
            Message message = sending.message();
            sent.put(message.id(), message);
            return sending
                .with(Message.of(message.id(), message.payload()).withHeaders(message.headers()))
                .to(queue);
          });
    }
  }

  /** Sends a message again, to the end of the queue, when it is to be retried. */
  static class ReordersOnRetryTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) -> {
            if (!(outcome instanceof Outcome.Retry retry)) {
              return delivery.settle(outcome, deadline);
            }
            Settlement settlement = delivery.settle(Outcome.done(), deadline);
            healthy.trySend(delivery.message(), retry.delay(), deadline);
            return settlement;
          });
    }
  }
}
