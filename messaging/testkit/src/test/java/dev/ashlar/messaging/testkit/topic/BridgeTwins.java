package dev.ashlar.messaging.testkit.topic;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.testkit.ForwardingDelivery;
import dev.ashlar.messaging.testkit.ForwardingQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Topics whose messages are lost, changed, or settled too early on their way. */
final class BridgeTwins {

  private BridgeTwins() {}

  /** Confirms every second copy without storing it. */
  static class LosesCopiesTwin extends TopicTwin {
    @Override
    MessageQueue brokenQueue(MessageQueue healthy) {
      AtomicInteger sent = new AtomicInteger();
      return new ForwardingQueue(healthy) {
        @Override
        public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
            throws InterruptedException {
          List<SendResult> results = new ArrayList<>();
          for (Message message : messages) {
            results.add(
                sent.incrementAndGet() % 2 == 0
                    ? new SendResult.Accepted()
                    : super.trySend(message, Duration.ZERO, deadline));
          }
          return results;
        }
      };
    }
  }

  /** Waits for room in one queue while the others wait for it. */
  static class WaitsForRoomTwin extends TopicTwin {
    @Override
    MessageQueue brokenQueue(MessageQueue healthy) {
      TimeSource time = time();
      return new ForwardingQueue(healthy) {
        @Override
        public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
            throws InterruptedException {
          return super.sendAll(messages, Deadline.after(Duration.ofHours(1), time));
        }
      };
    }
  }

  /** Settles what it has received, and then forwards it. */
  static class SettlesOnReceiptTwin extends TopicTwin {
    @Override
    MessageQueue brokenSource(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
          List<Delivery> deliveries = super.receive(most, deadline);
          for (Delivery each : deliveries) {
            each.settle(Outcome.done(), deadline);
          }
          return deliveries.stream().<Delivery>map(Settled::new).toList();
        }
      };
    }

    private static final class Settled extends ForwardingDelivery {
      Settled(Delivery inner) {
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
  }

  /** Takes an answer that did not come for a confirmation. */
  static class TakesSilenceForYesTwin extends TopicTwin {
    @Override
    protected MessageQueue sentTo(MessageQueue queue) {
      return new ForwardingQueue(queue) {
        @Override
        public List<SendResult> sendAll(List<Message> messages, Deadline deadline)
            throws InterruptedException {
          return super.sendAll(messages, deadline).stream()
              .map(result -> result instanceof SendResult.Unknown ? accepted() : result)
              .toList();
        }
      };
    }

    private static SendResult accepted() {
      return new SendResult.Accepted();
    }
  }

  /** Gives each copy an id of its own. */
  static class RenamesCopiesTwin extends TopicTwin {
    @Override
    MessageQueue brokenQueue(MessageQueue healthy) {
      return new ChangedCopies(
          healthy,
          message ->
              new Message(
                  new MessageId(message.id().value() + "-copy"),
                  message.key(),
                  message.headers(),
                  message.payload(),
                  message.timeToLive()));
    }
  }

  /** Holds several messages of a key at once, the newest first. */
  static class NewestFirstTwin extends TopicTwin {
    @Override
    MessageQueue brokenSource(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public SendResult trySend(Message message, Duration delay, Deadline deadline)
            throws InterruptedException {
          Message keyless =
              new Message(
                  message.id(),
                  Optional.empty(),
                  message.headers(),
                  message.payload(),
                  message.timeToLive());
          return super.trySend(keyless, delay, deadline);
        }

        @Override
        public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
          List<Delivery> deliveries = new ArrayList<>(super.receive(most, deadline));
          Collections.reverse(deliveries);
          return deliveries;
        }
      };
    }
  }

  /** Forwards payloads, and leaves behind what comes with them. */
  static class DropsHeadersTwin extends TopicTwin {
    @Override
    MessageQueue brokenQueue(MessageQueue healthy) {
      return new ChangedCopies(healthy, message -> message.withHeaders(Headers.empty()));
    }
  }

  /** Hides the context, so that every copy seems to be sent for the first time. */
  static class ForgetsTheSenderTwin extends TopicTwin {
    @Override
    MessageQueue brokenQueue(MessageQueue healthy) {
      return new ChangedCopies(
          healthy,
          message -> message.withHeaders(message.headers().without(CallContext.CONTEXT_HEADER)));
    }
  }

  /** Lets a message live its whole time again in each queue. */
  static class RestartsTheClockTwin extends TopicTwin {
    @Override
    MessageQueue brokenQueue(MessageQueue healthy) {
      Duration whole = visibility().multipliedBy(10);
      return new ChangedCopies(healthy, message -> message.withTimeToLive(whole));
    }
  }
}
