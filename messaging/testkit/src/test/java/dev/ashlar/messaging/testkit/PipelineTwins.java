package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Queues that are broken where many messages are sent or settled at once, or late. */
final class PipelineTwins {

  private PipelineTwins() {}

  /** Takes a deadline that has come for a reason not to try. */
  static class RefusesWhatIsLateTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public SendResult trySend(Message message, Duration delay, Deadline deadline)
            throws InterruptedException {
          return deadline.hasExpired()
              ? new SendResult.Refused(new Advice.Transient(), "deadline: over")
              : super.trySend(message, delay, deadline);
        }
      };
    }
  }

  /** Looks for room only while there is time to. */
  static class StoresWhatIsTooMuchTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return QueueOptions.capacity(1000).withVisibility(claimed.visibility());
    }
  }

  /** Answers before it knows, and then does not send. */
  static class SaysYesTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public SendResult.Ticket submit(Message message, Duration delay, Deadline deadline) {
          return later -> new SendResult.Accepted();
        }
      };
    }
  }

  /** Sends only when somebody asks for the outcome, and so in the order of asking. */
  static class SendsWhenAskedTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public SendResult.Ticket submit(Message message, Duration delay, Deadline deadline) {
          List<SendResult> known = new ArrayList<>();
          return later -> {
            if (known.isEmpty()) {
              known.add(trySend(message, delay, deadline));
            }
            return known.get(0);
          };
        }
      };
    }
  }

  /** Tells that it refused once, and takes the second question for one about something else. */
  static class ForgetsRefusalsTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public SendResult.Ticket submit(Message message, Duration delay, Deadline deadline)
            throws InterruptedException {
          SendResult result = trySend(message, delay, deadline);
          AtomicBoolean told = new AtomicBoolean();
          return later -> told.getAndSet(true) ? new SendResult.Accepted() : result;
        }
      };
    }
  }

  /** Answers for all what it did with one. */
  static class SettlesTheFirstTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public List<Settlement> settleAll(
            List<Delivery> deliveries, Outcome outcome, Deadline deadline)
            throws InterruptedException {
          return Collections.nCopies(
              deliveries.size(), deliveries.get(0).settle(outcome, deadline));
        }
      };
    }
  }

  /** Settles each that it can, and calls the others settled too. */
  static class HidesStaleOnesTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return new ForwardingQueue(healthy) {
        @Override
        public List<Settlement> settleAll(
            List<Delivery> deliveries, Outcome outcome, Deadline deadline)
            throws InterruptedException {
          super.settleAll(deliveries, outcome, deadline);
          return Collections.nCopies(deliveries.size(), Settlement.APPLIED);
        }
      };
    }
  }
}
