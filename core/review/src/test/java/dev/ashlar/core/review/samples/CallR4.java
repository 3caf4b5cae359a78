package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;

/** Deadlines that begin anew. */
final class CallR4 {

  private CallR4() {}

  @Finds(1)
  record Wrong(MessageQueue next, TimeSource time) {

    void pass(Order order, CallContext context) throws InterruptedException {
      context.correlation();
      next.send(order.message(), Deadline.after(Duration.ofSeconds(1), time));
    }
  }

  @Finds(1)
  record WrongInALambda(MessageQueue next, TimeSource time) {

    Handler handler() {
      return (message, context) -> {
        next.send(message, Deadline.after(Duration.ofSeconds(1), time));
        return Outcome.done();
      };
    }
  }

  @Finds(0)
  record Right(MessageQueue next) {

    void pass(Order order, CallContext context) throws InterruptedException {
      next.send(order.message(), context.child(Duration.ofSeconds(1)).deadline());
    }
  }

  @Finds(0)
  record RightAtTheStart(MessageQueue next, TimeSource time) {

    void pass(Order order) throws InterruptedException {
      next.send(order.message(), Deadline.after(Duration.ofSeconds(1), time));
    }
  }
}
