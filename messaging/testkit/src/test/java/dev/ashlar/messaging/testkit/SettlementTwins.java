package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Queues that do something else than their consumers decided. */
final class SettlementTwins {

  private SettlementTwins() {}

  /** Delivers again what is done. */
  static class RedeliversSettledTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) ->
              delivery.settle(outcome instanceof Outcome.Done ? retryAtOnce() : outcome, deadline));
    }
  }

  private static Outcome retryAtOnce() {
    return new Outcome.Retry(Duration.ZERO, "not yet");
  }

  /** Settles the message, whoever holds it now. */
  static class SettlesByMessageTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      Map<MessageId, Delivery> latest = new ConcurrentHashMap<>();
      MessageQueue changed =
          new ChangedOutcomes(
              healthy,
              (delivery, outcome, deadline) ->
                  latest.getOrDefault(delivery.message().id(), delivery).settle(outcome, deadline));
      return new ForwardingQueue(changed) {
        @Override
        protected Delivery wrap(Delivery delivery) {
          latest.put(delivery.message().id(), ((ForwardingDelivery) delivery).inner());
          return delivery;
        }
      };
    }
  }

  /** Breaks the queue for everybody when a delivery is settled twice. */
  static class SecondSettleBreaksTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) -> {
            Settlement settlement = delivery.settle(outcome, deadline);
            if (settlement == Settlement.STALE) {
              throw new IllegalStateException("channel: closed (expected: open)");
            }
            return settlement;
          });
    }
  }

  /** Says that a second settlement was applied. */
  static class SecondSettleWinsTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) -> {
            delivery.settle(outcome, deadline);
            return Settlement.APPLIED;
          });
    }
  }

  /** Takes "try again" for "throw away". */
  static class DropsOnRetryTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) ->
              delivery.settle(
                  outcome instanceof Outcome.Retry ? Outcome.done() : outcome, deadline));
    }
  }

  /** Retries at once, whatever the delay. */
  static class RetriesTooEarlyTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) ->
              delivery.settle(
                  outcome instanceof Outcome.Retry ? retryAtOnce() : outcome, deadline));
    }
  }

  /** Delivers nothing while a message waits for its retry. */
  static class RetryBlocksOthersTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      AtomicBoolean blocked = new AtomicBoolean();
      MessageQueue changed =
          new ChangedOutcomes(
              healthy,
              (delivery, outcome, deadline) -> {
                boolean waits = outcome instanceof Outcome.Retry retry && !retry.delay().isZero();
                blocked.compareAndSet(false, waits);
                return delivery.settle(outcome, deadline);
              });
      return new ForwardingQueue(changed) {
        @Override
        public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
          return blocked.get() ? List.of() : super.receive(most, deadline);
        }
      };
    }
  }

  /** Never stops trying. */
  static class NeverGivesUpTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return claimed.withAttemptsMax(1000);
    }
  }

  /** Sets a message aside twice. */
  static class DeadLettersTwiceTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return ChangedDeadLetters.listing(healthy, entry -> List.of(entry, entry));
    }
  }

  /** Forgets why. */
  static class ForgetsCausesTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return ChangedDeadLetters.listing(
          healthy,
          entry ->
              List.of(
                  new DeadLetters.Entry(
                      entry.message(),
                      "failed",
                      entry.attempts(),
                      entry.origin(),
                      entry.firstFailure(),
                      entry.lastFailure())));
    }
  }

  /** Takes a dead letter for one more failure. */
  static class RetriesDeadLettersTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) ->
              delivery.settle(
                  outcome instanceof Outcome.DeadLetter ? retryAtOnce() : outcome, deadline));
    }
  }

  /** Throws away what cannot be handled. */
  static class DropsDeadLettersTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) ->
              delivery.settle(
                  outcome instanceof Outcome.DeadLetter ? Outcome.done() : outcome, deadline));
    }
  }

  /** Removes the original before it writes the dead letter. */
  static class RemovesBeforeItSetsAsideTwin extends QueueTwin {
    private final CurrentObserver current = new CurrentObserver();

    @Override
    protected MessageQueue open(String name, QueueOptions options, Observer observer) {
      return super.open(name, options, current.with(observer));
    }

    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ChangedOutcomes(
          healthy,
          (delivery, outcome, deadline) -> {
            if (!(outcome instanceof Outcome.DeadLetter)) {
              return delivery.settle(outcome, deadline);
            }
            if (delivery.settle(Outcome.done(), deadline) == Settlement.STALE) {
              return Settlement.STALE;
            }
            current.step("twin.removed");
            healthy.trySend(delivery.message(), Duration.ZERO, deadline);
            return healthy.receive(1, deadline).get(0).settle(outcome, deadline);
          });
    }
  }

  /** Gives a redriven message a new id, so that no inbox knows it again. */
  static class RedrivesWithNewIdTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return ChangedDeadLetters.redriving(
          healthy,
          (queue, id, deadline) -> {
            Message old = queue.deadLetters().list(1, deadline).get(0).message();
            queue.deadLetters().discard(id, deadline);
            Message renamed =
                new Message(
                    new MessageId(id.value() + "-2"),
                    old.key(),
                    old.headers(),
                    old.payload(),
                    old.timeToLive());
            queue.trySend(renamed, Duration.ZERO, deadline);
            return DeadLetters.Redrive.REDRIVEN;
          });
    }
  }

  /** Brings a message back with its attempts spent. */
  static class RedrivesSpentTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      Set<MessageId> redriven = ConcurrentHashMap.newKeySet();
      MessageQueue spent =
          new ChangedOutcomes(
              healthy,
              (delivery, outcome, deadline) ->
                  delivery.settle(
                      redriven.contains(delivery.message().id())
                              && outcome instanceof Outcome.Retry retry
                          ? new Outcome.DeadLetter(retry.cause())
                          : outcome,
                      deadline));
      return ChangedDeadLetters.redriving(
          spent,
          (queue, id, deadline) -> {
            redriven.add(id);
            return queue.deadLetters().redrive(id, deadline);
          });
    }
  }
}
