package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting in a handler. */
final class MsgR7 {

  private MsgR7() {}

  interface Bank {
    boolean isOpen();

    Duration opensIn();

    void charge(Message message);
  }

  @Finds(1)
  record Wrong(Bank bank, TimeSource time) implements Handler {

    // [readme:sleeps]
    @Override
    public Outcome handle(Message message, CallContext context) throws InterruptedException {
      while (!bank.isOpen()) {
        time.sleep(Duration.ofMinutes(1)); // The thread waits, and what stands behind it does too.
      }
      bank.charge(message);
      return Outcome.done();
    }
    // [/readme]
  }

  @Finds(1)
  record WrongAsALambda(MessageQueue queue, ConsumerOptions options) {

    Consumer start() {
      return Consumer.start(
          queue,
          (message, context) -> {
            Thread.sleep(1000);
            return Outcome.done();
          },
          options);
    }
  }

  @Finds(1)
  record WrongInAnotherMethod(Bank bank) {

    Outcome charge(Message message) throws InterruptedException {
      await();
      bank.charge(message);
      return Outcome.done();
    }

    private static void await() throws InterruptedException {
      TimeUnit.SECONDS.sleep(1);
    }
  }

  @Finds(0)
  record Right(Bank bank) implements Handler {

    // [readme:asks-again]
    @Override
    public Outcome handle(Message message, CallContext context) {
      if (!bank.isOpen()) {
        return new Outcome.Retry(bank.opensIn(), "the bank is closed");
      }
      bank.charge(message);
      return Outcome.done();
    }
    // [/readme]
  }

  /** No handler. */
  @Finds(0)
  record RightElsewhere(Bank bank, TimeSource time) {

    void open() throws InterruptedException {
      while (!bank.isOpen()) {
        time.sleep(Duration.ofMinutes(1));
      }
    }
  }
}
