package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** That the order that is promised holds at first delivery, under retry and after dead letters. */
abstract class OrderProperties extends DeadLetterProperties {

  @Test
  @Proves(value = "QUEUE-16", guarantee = "fifo")
  void withoutFailuresOneConsumerGetsMessagesInTheOrderTheyWereSent() throws Exception {
    List<Message> sent = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      sent.add(send(queue(), "m" + i));
    }

    assertThat(take(queue(), sent.size())).isEqualTo(sent);
  }

  @Test
  @Proves(value = "QUEUE-16", guarantee = "fifo")
  void aBatchKeepsItsOrderToo() throws Exception {
    List<Message> sent = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      sent.add(message("m" + i));
    }
    assertThat(queue().sendAll(sent, soon())).allMatch(SendResult.Accepted.class::isInstance);

    List<Message> received = new ArrayList<>();
    for (Delivery delivery : queue().receive(sent.size(), soon())) {
      received.add(delivery.message());
    }
    assertThat(received).isNotEmpty().isEqualTo(sent.subList(0, received.size()));
  }

  @Test
  @Proves(value = "QUEUE-17", guarantee = "key-order")
  void firstDeliveriesOfAKeyComeInOrderAndOneAtATime() throws Exception {
    Seeds.check(3, (seed, random) -> keysInOrder(random));
  }

  /** Several consumers, played by one thread: each look may give messages to another handle. */
  private void keysInOrder(RandomGenerator random) throws Exception {
    QueueOptions patient = options().withVisibility(Duration.ofHours(1));
    MessageQueue queue = queue(patient);
    List<MessageQueue> handles = List.of(queue, reopened(queue), reopened(queue));
    int keys = 3;
    int each = 8;
    for (int i = 0; i < keys * each; i++) {
      sendKeyed(queue, "key" + i % keys, "" + i / keys);
    }
    Map<String, Integer> expected = new TreeMap<>();
    List<Delivery> held = new ArrayList<>();
    int finished = 0;
    Deadline patience = Deadline.after(patience(), TimeSource.system());
    while (finished < keys * each) {
      assertThat(patience.hasExpired()).as("waiting in vain for the rest").isFalse();
      int most = 1 + random.nextInt(4);
      for (Delivery delivery : handles.get(random.nextInt(3)).receive(most, atOnce())) {
        String key = delivery.message().key().orElseThrow();
        assertThat(held).as("in flight").noneMatch(other -> sameKey(other, key));
        assertThat(text(delivery)).isEqualTo("" + expected.getOrDefault(key, 0));
        expected.merge(key, 1, Integer::sum);
        held.add(delivery);
      }
      if (!held.isEmpty() && random.nextBoolean()) {
        done(held.remove(random.nextInt(held.size())));
        finished++;
      }
    }
  }

  private static boolean sameKey(Delivery delivery, String key) {
    return delivery.message().key().equals(Optional.of(key));
  }

  @Test
  @Proves(value = "QUEUE-17", guarantee = "key-order")
  void manyThreadsOfAConsumerHandleOneMessageOfAKeyAtATime() throws Exception {
    MessageQueue queue = queue(options().withVisibility(Duration.ofHours(1)));
    Journal journal = new Journal(time());
    Set<String> busy = ConcurrentHashMap.newKeySet();
    Set<String> overlapping = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 40; i++) {
      sendKeyed(queue, "key" + i % 4, "" + i);
    }

    consume(
        queue,
        (message, context) -> {
          String key = message.key().orElseThrow();
          if (!busy.add(key)) {
            overlapping.add(key);
          }
          journal.add(message, context.attempt());
          linger();
          busy.remove(key);
          return Outcome.done();
        },
        consumerOptions().withConcurrency(4, 8));
    promptly("every message", () -> new HashSet<>(journal.ids()).size() == 40);

    assertThat(overlapping).isEmpty();
    for (int key = 0; key < 4; key++) {
      assertThat(numbersOf(journal, "key" + key)).isSorted();
    }
  }

  private static List<Integer> numbersOf(Journal journal, String key) {
    return journal.entries().stream()
        .filter(entry -> entry.message().key().equals(Optional.of(key)))
        .map(entry -> Integer.valueOf(entry.message().payload().toUtf8()))
        .toList();
  }

  @Test
  @Proves(value = "QUEUE-18", guarantee = "key-order-under-retry")
  void whileTheHeadOfAKeyWaitsForItsRetryNothingOvertakesIt() throws Exception {
    Message head = sendKeyed(queue(), "a", "head");
    Message behind = sendKeyed(queue(), "a", "behind");
    Message other = sendKeyed(queue(), "b", "other");
    Duration delay = visibility();
    Delivery first = next(queue());
    while (!first.message().equals(head)) {
      first.settle(retry(Duration.ZERO), soon());
      first = next(queue());
    }
    long start = time().nanos();

    first.settle(retry(delay), soon());

    List<Message> order = take(queue(), 3);
    assertThat(order).containsExactlyInAnyOrder(other, head, behind);
    assertThat(order.indexOf(head)).isLessThan(order.indexOf(behind));
    assertThat(elapsedSince(start)).isGreaterThanOrEqualTo(atLeast(delay));
  }

  @Test
  @Proves(value = "QUEUE-18", guarantee = "key-order-under-retry")
  void otherKeysGoOnWhileAKeyWaits() throws Exception {
    sendKeyed(queue(), "a", "head");
    next(queue()).settle(retry(LONG), soon());
    sendKeyed(queue(), "a", "behind");
    Message other = sendKeyed(queue(), "b", "other");

    assertThat(take(queue(), 1)).containsExactly(other);
  }
}
