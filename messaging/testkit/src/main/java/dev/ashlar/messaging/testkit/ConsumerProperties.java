package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Guarantees.Promise;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.consume.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** That the consuming loop holds, limits, renews and gives back as it says. */
abstract class ConsumerProperties extends CapacityProperties {

  @Test
  @Proves(value = "QUEUE-5", guarantee = "lease")
  void aConsumerKeepsWhatItsHandlerWorksOnPastTheFirstExpiry() throws Exception {
    send(queue(), "one");
    MessageQueue other = reopened(queue());
    WatchedQueue watched = new WatchedQueue(queue(), time());
    CountDownLatch finish = new CountDownLatch(1);
    Journal journal = new Journal(time());
    Running consumer = consume(watched, blocking(journal, finish));
    promptly("the handler", () -> journal.size() == 1);

    long start = time().nanos();
    Optional<Delivery> seen = Optional.empty();
    while (elapsedSince(start).compareTo(visibility().multipliedBy(3)) < 0 && seen.isEmpty()) {
      TimeSource.system().sleep(Duration.ofMillis(2));
      pass(step());
      seen = poll(other);
    }

    // A pause of the machine may end the visibility between two renewals, but never sooner than one
    // visibility after the last renewal was asked for.
    if (seen.isPresent()) {
      assertThat(elapsedSince(watched.heldSince())).isGreaterThanOrEqualTo(atLeast(visibility()));
    }
    finish.countDown();
    assertThat(stop(consumer, in(LONG))).isTrue();
  }

  @Test
  @Proves(value = "QUEUE-6", guarantee = "lease")
  void renewalStopsAtTheCeilingAndAnotherGetsTheMessage() throws Exception {
    Message sent = send(queue(), "one");
    MessageQueue other = reopened(queue());
    WatchedQueue watched = new WatchedQueue(queue(), time());
    CountDownLatch finish = new CountDownLatch(1);
    Journal journal = new Journal(time());
    consume(
        watched,
        blocking(journal, finish),
        consumerOptions().withHandlingMax(visibility().multipliedBy(2)));
    promptly("the handler", () -> journal.size() == 1);

    List<Delivery> seen = new ArrayList<>();
    eventually("the message at another consumer", () -> poll(other).map(seen::add).orElse(false));

    assertThat(elapsedSince(watched.heldSince())).isGreaterThanOrEqualTo(atLeast(visibility()));
    assertThat(seen.get(0).message()).isEqualTo(sent);
    assertThat(seen.get(0).settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
    finish.countDown();
  }

  private static Handler blocking(Journal journal, CountDownLatch finish) {
    return (message, context) -> {
      journal.add(message, context.attempt());
      awaitLatch(finish);
      return Outcome.done();
    };
  }

  @Test
  @Proves("QUEUE-20")
  void aConsumerNeverHoldsMoreThanItsLimitAlsoWhenManyComeAgainAtOnce() throws Exception {
    Set<MessageId> sent = new HashSet<>();
    for (int i = 0; i < 40; i++) {
      sent.add(send(queue(), "m" + i).id());
    }
    for (Delivery taken : reopened(queue()).receive(30, soon())) {
      if (!has(Promise.LEASE)) {
        taken.release(soon());
      }
    }
    WatchedQueue watched = new WatchedQueue(queue(), time());
    Journal journal = new Journal(time());
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger busiest = new AtomicInteger();

    consume(
        watched,
        (message, context) -> {
          busiest.accumulateAndGet(busy.incrementAndGet(), Math::max);
          journal.add(message, context.attempt());
          linger();
          busy.decrementAndGet();
          return Outcome.done();
        },
        consumerOptions().withConcurrency(2, 5));
    eventually("every message", () -> journal.ids().containsAll(sent));

    assertThat(watched.mostHeld()).isBetween(1, 5);
    assertThat(busiest.get()).isBetween(1, 2);
  }

  @Test
  @Proves("QUEUE-28")
  void closingLetsHandlersFinishAndGivesTheRestBackAtOnce() throws Exception {
    MessageQueue queue = queue(options().withVisibility(LONG));
    Set<MessageId> sent = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      sent.add(send(queue, "m" + i).id());
    }
    Journal journal = new Journal(time());
    CountDownLatch finish = new CountDownLatch(1);
    Running consumer =
        consume(queue, blocking(journal, finish), consumerOptions().withConcurrency(1, 3));
    promptly("three in flight", () -> queue.depth(soon()).inFlight() == 3 && journal.size() == 1);

    Background<Boolean> closing = Background.start("close", () -> consumer.close(in(LONG)));
    MessageQueue other = reopened(queue);
    Set<MessageId> elsewhere = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Delivery released = nextPromptly(other);
      elsewhere.add(released.message().id());
      done(released);
    }
    assertThat(closing.isDone()).as("closed while a handler runs").isFalse();
    finish.countDown();

    assertThat(resultOf("the end of closing", closing)).isTrue();
    assertThat(journal.ids()).as("handled").hasSize(1);
    elsewhere.addAll(journal.ids());
    assertThat(elsewhere).isEqualTo(sent);
    assertThat(queue.depth(soon())).isEqualTo(new MessageQueue.Depth(0, 0, 0));
  }

  @Test
  @Proves("QUEUE-28")
  void closingDoesNotWaitForAHandlerBeyondItsDeadline() throws Exception {
    Message sent = send(queue(), "one");
    Journal journal = new Journal(time());
    CountDownLatch finish = new CountDownLatch(1);
    Running consumer = consume(queue(), blocking(journal, finish));
    promptly("the handler", () -> journal.size() == 1);

    assertThat(stop(consumer, in(visibility().dividedBy(2)))).isFalse();

    if (has(Promise.LEASE)) {
      assertThat(take(reopened(queue()), 1)).containsExactly(sent);
    }
    finish.countDown();
  }

  @Test
  @Proves("QUEUE-29")
  void closingStartingAndSettlingAtTheSameTimeNeitherHangsNorLosesMessages() throws Exception {
    Seeds.check(3, (seed, random) -> comeAndGo(seed));
  }

  private void comeAndGo(long seed) throws Exception {
    MessageQueue queue = queue(options());
    Journal journal = new Journal(time());
    AtomicBoolean enough = new AtomicBoolean();
    List<Background<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      RandomGenerator random = Seeds.random(seed + i);
      threads.add(Background.start("come and go", () -> comeAndGo(queue, journal, random, enough)));
    }
    Set<MessageId> sent = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      sent.add(send(queue, "m" + i).id());
    }
    eventually("every message", () -> journal.ids().containsAll(sent));
    enough.set(true);
    for (Background<Boolean> thread : threads) {
      resultOf("the end of a thread that starts and closes consumers", thread);
    }
    consume(queue, noting(journal));
    eventually("an empty queue", () -> queue.depth(soon()).equals(new MessageQueue.Depth(0, 0, 0)));
    assertThat(new HashSet<>(journal.ids())).isEqualTo(sent);
  }

  private boolean comeAndGo(
      MessageQueue queue, Journal journal, RandomGenerator random, AtomicBoolean enough)
      throws Exception {
    while (!enough.get()) {
      Running consumer = consume(queue, noting(journal), consumerOptions().withConcurrency(2, 4));
      TimeSource.system().sleep(Duration.ofMillis(random.nextInt(5)));
      Deadline deadline = in(visibility());
      Background<Boolean> beside = Background.start("close", () -> consumer.close(deadline));
      consumer.close(deadline);
      while (!beside.isDone()) {
        TimeSource.system().sleep(Duration.ofMillis(1));
      }
    }
    return true;
  }
}
