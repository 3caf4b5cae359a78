package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;

/** Interrupts that end in a handler. */
final class MsgR14 {

  private MsgR14() {}

  @Finds(1)
  record Wrong(MessageQueue next) implements Handler {

    // [readme:swallowed]
    @Override
    public Outcome handle(Message message, CallContext context) {
      try {
        next.send(message, context.deadline());
      } catch (InterruptedException e) {
        return new Outcome.Retry(Duration.ofSeconds(1), "interrupted"); // And it goes on.
      }
      return Outcome.done();
    }
    // [/readme]
  }

  @Finds(1)
  record WrongInALambda(MessageQueue next) {

    Handler handler() {
      return (message, context) -> {
        try {
          next.send(message, context.deadline());
        } catch (InterruptedException e) {
          return new Outcome.DeadLetter("interrupted");
        }
        return Outcome.done();
      };
    }
  }

  @Finds(0)
  record Right(MessageQueue next) implements Handler {

    // [readme:passed-on]
    @Override
    public Outcome handle(Message message, CallContext context) throws InterruptedException {
      next.send(message, context.deadline());
      return Outcome.done();
    }
    // [/readme]
  }

  @Finds(0)
  record RightRestored(MessageQueue next) implements Handler {

    @Override
    public Outcome handle(Message message, CallContext context) {
      try {
        next.send(message, context.deadline());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Outcome.Retry(Duration.ZERO, "interrupted");
      }
      return Outcome.done();
    }
  }

  @Finds(0)
  record RightThrownAgain(MessageQueue next) implements Handler {

    @Override
    public Outcome handle(Message message, CallContext context) throws InterruptedException {
      try {
        next.send(message, context.deadline());
      } catch (InterruptedException e) {
        e.addSuppressed(new IllegalStateException("while sending"));
        throw e;
      }
      return Outcome.done();
    }
  }
}
