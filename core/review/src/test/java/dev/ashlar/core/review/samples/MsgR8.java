package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.util.List;

/** Dead letters that nobody looks at. */
final class MsgR8 {

  private MsgR8() {}

  @Finds(1)
  record Wrong(MessageQueue queue, Handler charge, ConsumerOptions options) {

    // [readme:unwatched]
    Consumer start() {
      return Consumer.start(queue, charge, options); // And that is all there is.
    }
    // [/readme]
  }

  @Finds(0)
  record Right(MessageQueue queue, Handler charge, ConsumerOptions options, Observer observer) {

    // [readme:watched]
    Consumer start() {
      return Consumer.start(queue, charge, options);
    }

    /** Called each minute; an alarm is set on the number. */
    void watch(Deadline deadline) throws InterruptedException {
      observer.count("payment.dead", queue.depth(deadline).dead());
    }

    /** For whoever the alarm wakes. */
    List<DeadLetters.Entry> oldest(Deadline deadline) throws InterruptedException {
      return queue.deadLetters().list(20, deadline);
    }
    // [/readme]
  }
}
