package dev.ashlar.messaging.testkit;

import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;

/** Queues that say they park what stands behind a dead letter of its key, and do not. */
final class ParkingTwins {

  private ParkingTwins() {}

  /** Lets the next message of a key overtake the dead letter. */
  static class GoesOnBehindDeadLettersTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return claimed.withDeadKey(DeadKey.skip());
    }
  }

  /** Sends a dead letter again, behind everything that waited for it. */
  static class RedrivesToTheEndTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return ChangedDeadLetters.redriving(
          healthy,
          (queue, id, deadline) -> {
            Message old = queue.deadLetters().list(1, deadline).get(0).message();
            queue.deadLetters().discard(id, deadline);
            queue.trySend(old, Duration.ZERO, deadline);
            return DeadLetters.Redrive.REDRIVEN;
          });
    }
  }

  /** Lets one dead key fill the queue. */
  static class ParksWithoutBoundTwin extends QueueTwin {
    @Override
    QueueOptions kept(QueueOptions claimed) {
      return claimed.deadKey() instanceof DeadKey.Park
          ? claimed.withDeadKey(DeadKey.park(claimed.capacity()))
          : claimed;
    }
  }

  /** Confirms a message of a dead key that it has no room for. */
  static class DropsWhatFindsTheParkFullTwin extends QueueTwin {
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

  /** Keeps a key parked though its dead letter is gone. */
  static class NeverReleasesTwin extends QueueTwin {
    @Override
    MessageQueue broken(MessageQueue healthy) {
      return ChangedDeadLetters.redriving(
          healthy, (queue, id, deadline) -> DeadLetters.Redrive.REDRIVEN);
    }
  }
}
