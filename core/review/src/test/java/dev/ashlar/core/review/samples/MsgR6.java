package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.sourcing.Append;
import dev.ashlar.messaging.sourcing.EventStore;
import java.time.Duration;
import java.util.List;

/** Results of sendings that nobody looks at. */
final class MsgR6 {

  private MsgR6() {}

  @Finds(1)
  record Wrong(MessageQueue queue) {

    void tell(Order order, Deadline deadline) throws InterruptedException {
      // [readme:dropped-result]
      queue.trySend(order.message(), Duration.ZERO, deadline); // Refused? Unknown? Nobody asks.
      // [/readme]
    }
  }

  @Finds(5)
  record WrongOfEveryKind(MessageQueue queue, EventLog log, EventStore store) {

    void tell(Message message, Append append, Deadline deadline) throws InterruptedException {
      queue.sendAll(List.of(message), deadline);
      log.tryAppend(message, deadline);
      log.submit(message, deadline);
      store.append(append, deadline);
      tryTell(message, deadline);
    }

    private SendResult tryTell(Message message, Deadline deadline) throws InterruptedException {
      return queue.trySend(message, Duration.ZERO, deadline);
    }
  }

  @Finds(0)
  record Right(MessageQueue queue) {

    // [readme:looked-at]
    void tell(Order order, Deadline deadline) throws InterruptedException {
      queue.send(order.message(), deadline); // Throws what it is not told to look at.
    }

    boolean tellIfThereIsRoom(Order order, Deadline deadline) throws InterruptedException {
      SendResult result = queue.trySend(order.message(), Duration.ZERO, deadline);
      if (result instanceof SendResult.Refused) {
        return false; // Certainly not stored.
      }
      result.orThrow(); // Unknown: whoever called sends the same message again.
      return true;
    }
    // [/readme]
  }
}
