package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogConsumerOptions;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.OwnershipListener;
import dev.ashlar.messaging.log.Poison;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** That the consuming loop commits, drops, stops and gives back as it says. */
abstract class ConsumingProperties extends ReshardingProperties {

  private final Queue<String> handled = new ConcurrentLinkedQueue<>();

  /** Waits in the record of one text until it is let go, and is done with all others at once. */
  private Handler waitingAt(String text, CountDownLatch latch) {
    return (message, context) -> {
      handled.add(message.payload().toUtf8());
      if (message.payload().toUtf8().equals(text)) {
        awaitLatch(latch);
      }
      return Outcome.done();
    };
  }

  @Test
  @Proves("LOG-6")
  void whatIsCommittedNeverPassesAnUnfinishedRecord() throws Exception {
    EventLog log = log();
    appendAll(log, 8);
    CountDownLatch finish = new CountDownLatch(1);
    LogConsumer consumer = consume(log, "group", waitingAt("r3", finish), consumerOptions());
    eventually("all others", () -> handled.size() == 8);
    eventually("the commit of what is before", () -> lag(log, "group") <= 6);

    quietly(term(), () -> assertThat(lag(log, "group")).isEqualTo(6));

    finish.countDown();
    eventually("the whole", () -> lag(log, "group") == 0);
    assertThat(stop(consumer, term())).isTrue();
  }

  @Test
  @Proves("LOG-6")
  void recordsOfOneKeyAreHandledOneAfterTheOther() throws Exception {
    EventLog log = log();
    for (int i = 1; i <= 4; i++) {
      append(log, "slow", "s" + i);
      append(log, "fast", "f" + i);
    }
    CountDownLatch finish = new CountDownLatch(1);
    consume(log, "group", waitingAt("s1", finish), consumerOptions());

    eventually("the other key", () -> handled.containsAll(List.of("s1", "f4")));
    assertThat(handled).containsExactlyInAnyOrder("s1", "f1", "f2", "f3", "f4");
    finish.countDown();
    eventually("the whole", () -> lag(log, "group") == 0);

    assertThat(handled.stream().filter(each -> each.startsWith("s")))
        .containsExactly("s1", "s2", "s3", "s4");
    assertThat(handled.stream().filter(each -> each.startsWith("f")))
        .containsExactly("f1", "f2", "f3", "f4");
  }

  @Test
  @Proves("LOG-5")
  void aClosedConsumerHasCommittedWhatItHandledAndAnotherGoesOn() throws Exception {
    EventLog log = log();
    appendAll(log, 6);
    CountDownLatch finish = new CountDownLatch(1);
    LogConsumer first =
        consume(log, "group", waitingAt("r1", finish), oneAtATime(consumerOptions()));
    eventually("the first", () -> handled.size() == 1);
    Background<Boolean> closing = Background.start("close", () -> stop(first, term()));
    eventually("draining", () -> first.state() != LogConsumer.State.RUNNING);
    finish.countDown();
    eventually("the end of closing", closing::isDone);
    assertThat(closing.result()).isTrue();
    assertThat(handled).containsExactly("r1");

    consume(log, "group", waitingAt("", finish), oneAtATime(consumerOptions()));
    eventually("the rest", () -> lag(log, "group") == 0);

    assertThat(handled).containsExactly("r1", "r2", "r3", "r4", "r5", "r6");
  }

  private static LogConsumerOptions oneAtATime(LogConsumerOptions options) {
    return new LogConsumerOptions(
        options.handling().withConcurrency(1, 16),
        options.attemptsMax(),
        options.poison(),
        options.whenLost(),
        options.commitEvery(),
        options.listener());
  }

  @Test
  @Proves("LOG-12")
  void whatWasReadOfALostPartitionIsDroppedAndNoHandlerStartsForIt() throws Exception {
    EventLog log = log();
    appendAll(log, 6);
    CountDownLatch finish = new CountDownLatch(1);
    Queue<String> events = new ConcurrentLinkedQueue<>();
    PausedMember paused = new PausedMember(join(log, "group"));
    LogConsumer consumer =
        consume(
            paused,
            waitingAt("r1", finish),
            oneAtATime(consumerOptions()).withListener(noting(events)));
    eventually("the first", () -> handled.size() == 1);
    OwnedPartition owned = takeOver(log, paused);
    paused.resume();
    eventually("the loss", () -> consumer.owned().isEmpty());
    finish.countDown();

    quietly(term().dividedBy(2), () -> assertThat(handled).containsExactly("r1"));
    assertThat(texts(readNow(owned, 6))).first().isEqualTo("r1");
    assertThat(events.stream().limit(2)).containsExactly("gained", "lost");
  }

  @Test
  @Proves("LOG-12")
  void aConsumerThatHasNotHeardOfItsLossStartsNothingEither() throws Exception {
    EventLog log = log();
    appendAll(log, 6);
    CountDownLatch finish = new CountDownLatch(1);
    PausedMember paused = new PausedMember(join(log, "group"));
    consume(paused, waitingAt("r1", finish), oneAtATime(consumerOptions()));
    eventually("the first", () -> handled.size() == 1);
    OwnedPartition owned = takeOver(log, paused);
    finish.countDown();

    quietly(term().dividedBy(2), () -> assertThat(handled).containsExactly("r1"));
    paused.resume();
    assertThat(texts(readNow(owned, 6))).first().isEqualTo("r1");
  }

  /** Lets another member have the only partition of one that is held up. */
  private OwnedPartition takeOver(EventLog log, PausedMember paused) throws Exception {
    paused.pause();
    GroupMember other = join(log, "group");
    return ownOne(other);
  }

  private static OwnershipListener noting(Queue<String> events) {
    return new OwnershipListener() {
      @Override
      public void gained(String partition, long epoch) {
        events.add("gained");
      }

      @Override
      public void lost(String partition, long epoch) {
        events.add("lost");
      }
    };
  }

  private static Handler poisonous(Queue<String> handled) {
    return (message, context) -> {
      String text = message.payload().toUtf8();
      handled.add(text);
      if (text.equals("r2")) {
        throw new IllegalStateException("poison");
      }
      return Outcome.done();
    };
  }

  @Test
  @Proves("LOG-17")
  void aPoisonRecordStopsItsPartitionAndLagGrows() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    LogConsumer consumer =
        consume(
            log, "group", poisonous(handled), consumerOptions().withPoison(2, new Poison.Stop()));
    eventually("the stop", () -> consumer.stopped().containsKey(only(log)));
    eventually("the commit before it", () -> lag(log, "group") == 2);
    append(log, "r4");

    quietly(term(), () -> assertThat(lag(log, "group")).isEqualTo(3));
    assertThat(handled.stream().filter("r2"::equals)).hasSize(2);
    assertThat(handled).doesNotContain("r4");
  }

  @Test
  @Proves("LOG-17")
  void aPoisonRecordIsSkippedWhereThatIsThePolicy() throws Exception {
    EventLog log = log();
    appendAll(log, 4);
    consume(log, "group", poisonous(handled), consumerOptions().withPoison(3, new Poison.Skip()));

    eventually("the whole", () -> lag(log, "group") == 0);

    assertThat(handled.stream().filter("r2"::equals)).hasSize(3);
    assertThat(handled).contains("r1", "r3", "r4");
  }

  @Test
  @Proves("LOG-17")
  void aPoisonRecordGoesToTheQueueWhereThatIsThePolicy() throws Exception {
    EventLog log = log();
    appendAll(log, 4);
    MessageQueue dead = MemoryQueue.of("dead", QueueOptions.capacity(10), time(), Observer.none());
    consume(
        log,
        "group",
        poisonous(handled),
        consumerOptions().withPoison(2, new Poison.DeadLetter(dead)));

    eventually("the whole", () -> lag(log, "group") == 0);

    List<Delivery> letters = dead.receive(10, atOnce());
    assertThat(letters).hasSize(1);
    assertThat(letters.get(0).message().payload().toUtf8()).isEqualTo("r2");
    assertThat(letters.get(0).message().headers().first(Poison.DeadLetter.REASON_HEADER))
        .hasValueSatisfying(reason -> assertThat(reason).contains("poison"));
    assertThat(letters.get(0).message().headers().first(Poison.DeadLetter.ORIGIN_HEADER))
        .hasValueSatisfying(origin -> assertThat(origin).startsWith(log.name() + "/"));
  }

  @Test
  @Proves("LOG-17")
  void aDeadLetterThatTheQueueDoesNotTakeHoldsTheCommitBack() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    MessageQueue full = MemoryQueue.of("full", QueueOptions.capacity(1), time(), Observer.none());
    full.send(message("in the way"), soon());
    consume(
        log,
        "group",
        poisonous(handled),
        consumerOptions().withPoison(1, new Poison.DeadLetter(full)));
    eventually("the commit before it", () -> lag(log, "group") == 2);

    quietly(term(), () -> assertThat(lag(log, "group")).isEqualTo(2));

    full.receive(1, atOnce()).get(0).settle(Outcome.done(), soon());
    eventually("the whole", () -> lag(log, "group") == 0);
    assertThat(handled.stream().filter("r2"::equals)).as("handled once").hasSize(1);
  }
}
