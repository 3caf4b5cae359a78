package dev.ashlar.messaging.consume;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/*
 * Steps, for crash tests:
 *
 *   at least once   consumer.received  (handler)  consumer.handled  (settle)  consumer.settled
 *   at most once    consumer.received  (settle)  consumer.settled  (handler)  consumer.handled
 */

/** What is done with one message, from its arrival to its settlement. */
final class Handling {

  private static final Duration SETTLE_PAUSE = Duration.ofMillis(20);

  private final MessageQueue queue;
  private final Handler handler;
  private final ConsumerOptions options;
  private final TimeSource time;
  private final Observer observer;

  Handling(MessageQueue queue, Handler handler, ConsumerOptions options) {
    this.queue = queue;
    this.handler = handler;
    this.options = options;
    this.time = options.receiver().time();
    this.observer = options.receiver().observer();
  }

  void run(Holding holding) throws InterruptedException {
    observer.step("consumer.received");
    if (holding.isExpired(time.nanos())) {
      observer.count("consumer.expired", 1);
      settle(holding, new Outcome.DeadLetter("expired"));
    } else if (options.mode() == ConsumerOptions.Mode.AT_MOST_ONCE) {
      settleThenHandle(holding);
    } else {
      Outcome outcome = outcome(holding);
      observer.step("consumer.handled");
      settle(holding, outcome);
      observer.step("consumer.settled");
    }
  }

  /** Only a settlement that is known to have been applied gives the right to handle. */
  private void settleThenHandle(Holding holding) throws InterruptedException {
    if (settle(holding, Outcome.done())) {
      observer.step("consumer.settled");
      holding.drop();
      Outcome outcome = outcome(holding);
      if (!(outcome instanceof Outcome.Done)) {
        observer.count("consumer.lost", 1);
      }
      observer.step("consumer.handled");
    }
  }

  private Outcome outcome(Holding holding) throws InterruptedException {
    Delivery delivery = holding.delivery();
    Message message = delivery.message();
    CallContext context =
        options
            .receiver()
            .deliver(
                message.headers(),
                Math.min(delivery.attempt(), CallContext.ATTEMPT_MAX),
                holding.handlingEnd(time));
    Operation operation =
        new Operation(
            Operation.Kind.CONSUMER,
            queue.name(),
            Optional.of(message.headers()),
            Operation.Link.REFERENCE,
            Map.of());
    try {
      return context.call(
          () ->
              observer.around(
                  operation, Headers.empty(), headers -> handler.handle(message, context)));
    } catch (InterruptedException e) {
      throw e;
    } catch (MalformedDataException e) {
      observer.count("consumer.malformed", 1);
      return new Outcome.DeadLetter("malformed: " + e.reason() + ", " + e.getMessage());
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      observer.count("consumer.handler.failed", 1);
      return new Outcome.Retry(options.retryDelay(delivery.attempt()), text(e));
    }
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    String type = failure.getClass().getName();
    return message == null ? type : type + ": " + message;
  }

  /**
   * Settles, asking again while the queue does not answer, for as long as the visibility may last.
   *
   * @return whether it is known to be applied
   */
  private boolean settle(Holding holding, Outcome outcome) throws InterruptedException {
    Deadline deadline = holding.oneVisibility(time);
    boolean asked = false;
    while (!asked || !deadline.hasExpired()) {
      asked = true;
      try {
        boolean applied = holding.delivery().settle(outcome, deadline) == Settlement.APPLIED;
        if (!applied) {
          observer.count("consumer.stale", 1);
        }
        return applied;
      } catch (BackendException e) {
        observer.count("consumer.settle.failed", 1);
        time.sleep(SETTLE_PAUSE);
      }
    }
    return false;
  }
}
