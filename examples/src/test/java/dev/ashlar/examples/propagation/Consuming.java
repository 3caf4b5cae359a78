package dev.ashlar.examples.propagation;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A consumer for what waits in a queue now, and for nothing that comes meanwhile: the last handler
 * ends only once the consumer is being closed, and a closing consumer starts no other.
 */
final class Consuming {

  private final CompletableFuture<Consumer> started = new CompletableFuture<>();
  private final AtomicLong left;
  private final Effect effect;

  private Consuming(long waiting, Effect effect) {
    this.left = new AtomicLong(waiting);
    this.effect = effect;
  }

  /** What is done with each message; one that throws comes again. */
  interface Effect {
    void of(Message message) throws Exception;
  }

  static void whatWaits(MessageQueue queue, Observer observer, Effect effect) throws Exception {
    long waiting = queue.depth(Peers.soon()).waiting();
    if (waiting == 0) {
      return;
    }
    Consuming consuming = new Consuming(waiting, effect);
    ConsumerOptions options =
        ConsumerOptions.of("consumer", Peers.receiver(observer), Seeds.random(Seeds.next()))
            .withConcurrency(1, 1)
            .withRetry(Duration.ofMillis(1), Duration.ofMillis(1));
    try (Consumer consumer =
        Consumer.start(queue, (message, context) -> consuming.handle(message), options)) {
      consuming.started.complete(consumer);
      Eventually.holds("the last handler", Peers.PATIENCE, () -> consuming.left.get() <= 0);
    }
  }

  private Outcome handle(Message message) throws Exception {
    try {
      effect.of(message);
      return Outcome.done();
    } finally {
      if (left.decrementAndGet() == 0) {
        Consumer consumer = started.join();
        Eventually.holds(
            "closing", Peers.PATIENCE, () -> consumer.state() != Consumer.State.RUNNING);
      }
    }
  }
}
