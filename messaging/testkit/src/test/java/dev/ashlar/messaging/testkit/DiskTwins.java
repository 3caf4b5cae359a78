package dev.ashlar.messaging.testkit;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.DiskQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Queues on disk without one of the defences of their own: they behave until their process dies,
 * and what the next one finds is not what was acknowledged.
 */
final class DiskTwins {

  private DiskTwins() {}

  /** The contract over a queue on disk that is broken on purpose. */
  abstract static class DiskTwin extends DiskQueueTest {

    /** Makes the broken queue. */
    abstract RestartedQueue broken(Opening opening);

    @Override
    RestartedQueue make(String name, QueueOptions options, Path place, Observer current) {
      return broken(new Opening(name, options, place, time(), current));
    }

    /** What never comes is waited for in vain here, so not for long. */
    @Override
    protected Duration patience() {
      return Duration.ofSeconds(1);
    }
  }

  /** What a queue is made of. */
  record Opening(
      String name, QueueOptions options, Path place, TimeSource time, Observer observer) {}

  /** A queue whose deliveries are watched, and that can leave an older image of its files. */
  private static class Broken extends RestartedQueue {
    private final TimeSource time;
    private Optional<Path> older = Optional.empty();

    Broken(Opening made) {
      super(made.name, made.options, made.place, made.time, made.observer);
      this.time = made.time;
    }

    final Deadline soon() {
      return Deadline.after(Duration.ofMinutes(1), time);
    }

    final Deadline atOnce() {
      return Deadline.after(Duration.ZERO, time);
    }

    /** From now on nothing gets to the disk. */
    final synchronized void forgetFromNowOn() {
      older = Optional.of(image());
    }

    @Override
    final Path left(Path used) {
      Path left = older.orElse(used);
      older = Optional.empty();
      return left;
    }

    /** Settles a delivery of the queue below. */
    Settlement settle(Delivery delivery, Outcome outcome, Deadline deadline)
        throws InterruptedException {
      return delivery.settle(outcome, deadline);
    }

    @Override
    public List<Delivery> receive(int most, Deadline deadline) throws InterruptedException {
      return super.receive(most, deadline).stream().map(this::watched).toList();
    }

    private Delivery watched(Delivery delivery) {
      return new ForwardingDelivery(delivery) {
        @Override
        public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
          return Broken.this.settle(delivery, outcome, deadline);
        }
      };
    }
  }

  /** Accepts a message whose record no disk has. */
  static class AcceptsBeforeItWritesTwin extends DiskTwin {
    @Override
    RestartedQueue broken(Opening opening) {
      return new Broken(opening) {
        @Override
        public SendResult trySend(Message message, Duration delay, Deadline deadline)
            throws InterruptedException {
          forgetFromNowOn();
          return super.trySend(message, delay, deadline);
        }
      };
    }
  }

  /** Applies a settlement without waiting for its record. */
  static class SettlesBeforeItWritesTwin extends DiskTwin {
    @Override
    RestartedQueue broken(Opening opening) {
      return new Broken(opening) {
        @Override
        Settlement settle(Delivery delivery, Outcome outcome, Deadline deadline)
            throws InterruptedException {
          forgetFromNowOn();
          return super.settle(delivery, outcome, deadline);
        }
      };
    }
  }

  /** Carries messages over into the next life, but not what has happened to them. */
  static class ForgetsDeliveriesAtOpeningTwin extends DiskTwin {
    @Override
    RestartedQueue broken(Opening opening) {
      return new Broken(opening) {
        @Override
        DiskQueue found(DiskQueue opened) throws InterruptedException {
          List<Delivery> waiting = opened.receive(BATCH_MAX, atOnce());
          DiskQueue fresh = opensEmpty();
          for (Delivery each : waiting) {
            fresh.send(each.message(), soon());
          }
          opened.close();
          return fresh;
        }
      };
    }
  }

  /** Does not find dead letters again. */
  static class ForgetsDeadLettersAtOpeningTwin extends DiskTwin {
    @Override
    RestartedQueue broken(Opening opening) {
      return new Broken(opening) {
        @Override
        DiskQueue found(DiskQueue opened) throws InterruptedException {
          for (DeadLetters.Entry each : opened.deadLetters().list(100, soon())) {
            opened.deadLetters().discard(each.message().id(), soon());
          }
          return opened;
        }
      };
    }
  }

  /** Takes the first half of a record, all that a crash left of it, for a message. */
  static class DeliversTornRecordsTwin extends DiskTwin {
    @Override
    RestartedQueue broken(Opening opening) {
      return new Broken(opening) {
        private Optional<Message> last = Optional.empty();

        @Override
        public SendResult trySend(Message message, Duration delay, Deadline deadline)
            throws InterruptedException {
          last = Optional.of(message);
          return super.trySend(message, delay, deadline);
        }

        @Override
        DiskQueue found(DiskQueue opened) throws InterruptedException {
          if (last.isPresent()) {
            opened.send(half(last.get()), soon());
            last = Optional.empty();
          }
          return opened;
        }
      };
    }

    private static Message half(Message message) {
      String id = message.id().value();
      Bytes payload = message.payload();
      return Message.of(
          new MessageId(id.substring(0, (id.length() + 1) / 2)),
          payload.slice(0, payload.size() / 2));
    }
  }

  /** Numbers messages from one in each life, so that old settlements hit new messages. */
  static class ReusesNumbersTwin extends DiskTwin {
    @Override
    RestartedQueue broken(Opening opening) {
      return new Broken(opening) {
        private final Map<MessageId, Integer> numbers = new ConcurrentHashMap<>();
        private final Set<Integer> settled = ConcurrentHashMap.newKeySet();

        @Override
        public SendResult trySend(Message message, Duration delay, Deadline deadline)
            throws InterruptedException {
          numbers.put(message.id(), numbers.size());
          return super.trySend(message, delay, deadline);
        }

        @Override
        Settlement settle(Delivery delivery, Outcome outcome, Deadline deadline)
            throws InterruptedException {
          Integer number = numbers.get(delivery.message().id());
          if (number != null && outcome instanceof Outcome.Done) {
            settled.add(number);
          }
          return super.settle(delivery, outcome, deadline);
        }

        @Override
        DiskQueue found(DiskQueue opened) throws InterruptedException {
          for (Delivery each : opened.receive(BATCH_MAX, atOnce())) {
            Integer number = numbers.get(each.message().id());
            if (number != null && settled.contains(number)) {
              each.settle(Outcome.done(), soon());
            } else {
              each.release(soon());
            }
          }
          numbers.clear();
          return opened;
        }
      };
    }
  }
}
