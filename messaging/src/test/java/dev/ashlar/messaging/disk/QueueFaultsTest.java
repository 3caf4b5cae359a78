package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.QueueEngine.QueueOpening;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.FaultyDisk;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.LogOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk that is full, or that holds something else, does to a queue. */
class QueueFaultsTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final QueueOptions OPTIONS =
      QueueOptions.capacity(10_000).withPayloadMaxBytes(8000);

  @TempDir Path root;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TIME);
  }

  private static Deadline now() {
    return Deadline.after(Duration.ZERO, TIME);
  }

  private static DiskQueue open(FaultyDisk disk) {
    return open(disk, Observer.none());
  }

  private static DiskQueue open(FaultyDisk disk, Observer observer) {
    DiskOptions options = DiskOptions.folder(Path.of("simulated")).withSegmentBytes(64 << 10);
    QueueBounds bounds = new QueueBounds(options, 10_000, 20_000, 150, 1 << 20);
    return DiskQueue.on(
        disk.open(options, TIME, Observer.none()),
        new QueueOpening("queue", OPTIONS, bounds, TIME, observer));
  }

  private static Message message(int number) {
    return Message.of(new MessageId("m" + number), Bytes.owning(new byte[5000]));
  }

  /** Fills the disk; returns how many messages it took. */
  private static int fill(DiskQueue queue, FaultyDisk disk) throws InterruptedException {
    disk.fill();
    int accepted = 0;
    SendResult result = queue.trySend(message(accepted), Duration.ZERO, soon());
    while (result instanceof SendResult.Accepted) {
      accepted++;
      result = queue.trySend(message(accepted), Duration.ZERO, soon());
    }
    assertThat(result)
        .isInstanceOfSatisfying(
            SendResult.Refused.class, refused -> assertThat(refused.why()).startsWith("FULL: "));
    return accepted;
  }

  @Test
  void aFullDiskRefusesSendsAndTheQueueGoesOnOnceThereIsRoom() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    DiskQueue queue = open(disk);
    int accepted = fill(queue, disk);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(accepted, 0, 0));
    List<SendResult> batch = queue.sendAll(List.of(message(-1), message(-2)), soon());
    assertThat(batch).hasOnlyElementsOfType(SendResult.Refused.class);

    disk.heal();

    assertThat(queue.trySend(message(accepted), Duration.ZERO, soon()))
        .isInstanceOf(SendResult.Accepted.class);
    queue.close();
    DiskQueue again = open(disk);
    assertThat(again.depth(soon())).isEqualTo(new Depth(accepted + 1L, 0, 0));
    List<String> ids = new ArrayList<>();
    for (Delivery each : again.receive(1000, now())) {
      ids.add(each.message().id().value());
    }
    assertThat(ids).hasSize(accepted + 1).startsWith("m0").endsWith("m" + accepted);
    again.close();
  }

  @Test
  void aDiskThatFailsRefusesSettlementsAndTheSameDeliveryIsSettledOnceItWorks() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    DiskQueue queue = open(disk);
    queue.trySend(message(1), Duration.ZERO, soon()).orThrow();
    queue.trySend(message(2), Duration.ZERO, soon()).orThrow();
    List<Delivery> held = queue.receive(2, soon());
    disk.failAfter(0);
    for (Outcome outcome :
        List.of(
            Outcome.done(),
            new Outcome.Retry(Duration.ZERO, "again"),
            new Outcome.DeadLetter("bad"))) {
      BackendException refused =
          catchThrowableOfType(BackendException.class, () -> held.get(0).settle(outcome, soon()));
      assertThat(refused).as("%s", outcome).isNotNull();
    }
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 2, 0));

    disk.heal();

    assertThat(held.get(0).settle(Outcome.done(), soon())).isEqualTo(Settlement.APPLIED);
    assertThat(held.get(1).settle(new Outcome.DeadLetter("bad"), soon()))
        .isEqualTo(Settlement.APPLIED);
    assertThat(queue.depth(soon())).isEqualTo(new Depth(0, 0, 1));
    queue.close();
    DiskQueue again = open(disk);
    assertThat(again.depth(soon())).isEqualTo(new Depth(0, 0, 1));
    again.close();
  }

  /** Deliveries are not waited for until they are on the disk; what a crash forgets is bounded. */
  @Test
  void theNumberOfAnAttemptNeverGoesDownAlsoIfTheMachineStopsAtOnce() throws Exception {
    Seeds.check(
        40,
        (seed, random) -> {
          FaultyDisk disk = new FaultyDisk();
          DiskQueue queue = open(disk);
          queue.send(message(1), soon());
          int last = 0;
          for (int crashes = 0; crashes < 3; crashes++) {
            int deliveries = 1 + random.nextInt(4);
            for (int i = 0; i < deliveries; i++) {
              Delivery delivery = queue.receive(1, soon()).get(0);
              assertThat(delivery.attempt()).as("seed %d", seed).isBetween(last, last + 1);
              last = delivery.attempt();
              if (i < deliveries - 1) {
                delivery.release(soon());
              }
            }
            disk.failAfter(0);
            closeWithoutADisk(queue);
            disk.crash(random);
            queue = open(disk);
          }
          assertThat(queue.receive(1, soon()).get(0).attempt())
              .as("seed %d", seed)
              .isBetween(last, last + 1);
          queue.close();
        });
  }

  /** The disk fails somewhere in a move or soon after it, and then the machine stops. */
  @Test
  void whatIsMovedIsThereAtEveryMoment() throws Exception {
    Seeds.check(
        40,
        (seed, random) -> {
          FaultyDisk disk = new FaultyDisk();
          AtomicBoolean moving = new AtomicBoolean();
          int calls = random.nextInt(12);
          DiskQueue queue = open(disk, failing(disk, calls, moving));
          queue.send(message(1), soon());
          queue.receive(1, soon()).get(0).settle(new Outcome.DeadLetter("kept"), soon());
          queue.trySend(message(2), Duration.ofHours(1), soon()).orThrow();
          sendAndSettleUntilItFails(queue);
          assertThat(moving).as("seed %d", seed).isTrue();
          disk.crash(random);
          DiskQueue again = open(disk);
          assertThat(again.deadLetters().list(10, soon()))
              .as("seed %d", seed)
              .singleElement()
              .satisfies(dead -> assertThat(dead.message()).isEqualTo(message(1)));
          for (Delivery each : again.receive(10, now())) {
            each.settle(Outcome.done(), soon());
          }
          assertThat(again.depth(soon())).as("seed %d", seed).isEqualTo(new Depth(1, 0, 1));
          again.close();
        });
  }

  private static Observer failing(FaultyDisk disk, int calls, AtomicBoolean moving) {
    return new Observer() {
      @Override
      public void step(String name) {
        if (name.equals("queue.move.begun") && moving.compareAndSet(false, true)) {
          disk.failAfter(calls);
        }
      }
    };
  }

  private static void sendAndSettleUntilItFails(DiskQueue queue) throws InterruptedException {
    try {
      for (int i = 3; i < 20_000; i++) {
        queue.send(message(i), soon());
        queue.receive(1, soon()).get(0).settle(Outcome.done(), soon());
      }
      throw new AssertionError("the disk never failed");
    } catch (BackendException asWished) {
      closeWithoutADisk(queue);
    }
  }

  private static void closeWithoutADisk(DiskQueue queue) {
    try {
      queue.close();
    } catch (BackendException asWished) {
      assertThat(asWished).hasMessageStartingWith("FAILED: ");
    }
  }

  @Test
  void theFolderOfAnotherEngineIsRefusedAndLeftAsItIs() throws Exception {
    DiskOptions disk = DiskOptions.folder(root);
    LogOptions options = LogOptions.partitions(1);
    try (DiskEventLog log = DiskEventLog.open("log", disk, options, TIME, Observer.none())) {
      assertThat(log.tryAppend(message(1), soon())).isInstanceOf(AppendResult.Accepted.class);
    }
    BackendException refused =
        catchThrowableOfType(
            BackendException.class,
            () -> DiskQueue.open("queue", OPTIONS, disk, TIME, Observer.none()));
    assertThat(refused.effect()).isEqualTo(Effect.NONE);
    assertThat(refused.advice()).isEqualTo(new Advice.Permanent());
    assertThat(refused).hasMessageContaining("queue queue: ").hasMessageContaining(root.toString());
    try (DiskEventLog log = DiskEventLog.open("log", disk, options, TIME, Observer.none())) {
      assertThat(log.tryAppend(message(2), soon())).isInstanceOf(AppendResult.Accepted.class);
    }
  }
}
