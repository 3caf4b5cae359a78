package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the files, and what they give back. */
class DiskQueueFilesTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final QueueOptions OPTIONS = QueueOptions.capacity(100_000).withAttemptsMax(4);

  @TempDir Path root;

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TIME);
  }

  private static Deadline now() {
    return Deadline.after(Duration.ZERO, TIME);
  }

  private QueueFolders folders() {
    return new QueueFolders(root, OPTIONS, TIME);
  }

  private static Message message(int number) {
    return Message.of(new MessageId("m" + number), Bytes.utf8("p".repeat(1000)));
  }

  private static Delivery one(DiskQueue queue) throws InterruptedException {
    return queue.receive(1, soon()).get(0);
  }

  private static List<String> drain(DiskQueue queue) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    List<Delivery> some = queue.receive(100, now());
    while (!some.isEmpty()) {
      some.forEach(each -> ids.add(each.message().id().value()));
      queue.settleAll(some, Outcome.done(), soon());
      some = queue.receive(100, now());
    }
    return ids;
  }

  @Test
  void whatWasInFlightIsDueAtOnceAsTheNextAttempt() throws Exception {
    QueueFolders folders = folders();
    DiskQueue queue = folders.open(Observer.none());
    queue.send(message(1), soon());
    queue.send(message(2), soon());
    assertThat(one(queue).attempt()).isEqualTo(1);
    one(queue).settle(Outcome.done(), soon());

    DiskQueue after = folders.openAfterKill(queue);
    Delivery again = after.receive(10, now()).get(0);
    assertThat(again.message()).isEqualTo(message(1));
    assertThat(again.attempt()).isEqualTo(2);
    after.close();
    try (DiskQueue closed = folders.open(Observer.none())) {
      assertThat(one(closed).attempt()).isEqualTo(3);
      assertThat(closed.depth(soon())).isEqualTo(new Depth(0, 1, 0));
    }
  }

  /** Each process dies right after the delivery, before anything else is written. */
  @Test
  void aMessageThatKillsItsProcessRunsOutOfAttempts() throws Exception {
    QueueFolders folders = folders();
    DiskQueue queue = folders.open(Observer.none());
    queue.send(message(1), soon());
    int deaths = 0;
    while (!queue.receive(1, now()).isEmpty()) {
      deaths++;
      queue = folders.openAfterKill(queue);
    }
    assertThat(deaths).isBetween(OPTIONS.attemptsMax(), OPTIONS.attemptsMax() + 1);
    List<DeadLetters.Entry> dead = queue.deadLetters().list(10, soon());
    assertThat(dead).hasSize(1);
    assertThat(dead.get(0).attempts()).isEqualTo(OPTIONS.attemptsMax());
    queue.close();
  }

  @Test
  void settledMessagesLetTheirFilesGoAndOthersMoveOn() throws Exception {
    QueueFolders folders = folders();
    CountingObserver observer = new CountingObserver();
    DiskQueue queue = folders.open(observer);
    queue.send(message(1), soon());
    one(queue).settle(new Outcome.DeadLetter("kept for long"), soon());
    queue.trySend(message(2), Duration.ofHours(1), soon());
    for (int i = 3; i < 3000; i++) {
      queue.send(message(i), soon());
      one(queue).settle(Outcome.done(), soon());
    }
    // Three megabytes went through files of 64 KiB.
    Eventually.passes(
        Duration.ofSeconds(10),
        () -> {
          queue.send(message(0), soon());
          one(queue).settle(Outcome.done(), soon());
          assertThat(QueueFolders.segments(folders.folder())).hasSizeLessThan(12);
        });
    assertThat(observer.count("queue.moved")).isPositive();

    DiskQueue after = folders.openAfterKill(queue);
    assertThat(after.depth(soon())).isEqualTo(new Depth(1, 0, 1));
    DeadLetters.Entry dead = after.deadLetters().list(10, soon()).get(0);
    assertThat(dead.message()).isEqualTo(message(1));
    assertThat(dead.reason()).isEqualTo("kept for long");
    assertThat(after.receive(1, now())).isEmpty();
    after.deadLetters().redrive(new MessageId("m1"), soon());
    assertThat(one(after).attempt()).isEqualTo(2);
    after.close();
  }

  /** What is moved is in two places, in one, or not yet moved: it is there once for all that. */
  @Test
  void aCrashAtAnyStepOfAMoveLosesNothingAndDoublesNothing() throws Exception {
    for (String step :
        List.of(
            "queue.move.begun",
            "queue.move.appended",
            "queue.move.written",
            "queue.move.forgotten")) {
      crashWhileMovingAt(CrashAt.named(step), step);
    }
  }

  private void crashWhileMovingAt(CrashAt crash, String step) throws Exception {
    QueueFolders folders = new QueueFolders(root.resolve(step), OPTIONS, TIME);
    DiskQueue queue = folders.open(crash);
    queue.send(message(1), soon());
    one(queue).settle(new Outcome.DeadLetter("kept for long"), soon());
    queue.trySend(message(2), Duration.ofHours(1), soon());
    try {
      for (int i = 3; i < 20_000 && !crash.hasCrashed(); i++) {
        queue.send(message(i), soon());
        one(queue).settle(Outcome.done(), soon());
      }
    } catch (SimulatedCrash | DiskException | IllegalStateException died) {
      assertThat(crash.hasCrashed()).isTrue();
    }
    assertThat(crash.hasCrashed()).as(step).isTrue();
    DiskQueue after = folders.openAfterKill(queue);
    List<DeadLetters.Entry> dead = after.deadLetters().list(10, soon());
    assertThat(dead).as(step).hasSize(1);
    assertThat(dead.get(0).message()).as(step).isEqualTo(message(1));
    assertThat(drain(after)).as(step).hasSizeLessThan(2);
    assertThat(after.depth(soon())).as(step).isEqualTo(new Depth(1, 0, 1));
    after.deadLetters().redrive(new MessageId("m1"), soon());
    assertThat(one(after).message()).as(step).isEqualTo(message(1));
    after.close();
  }

  /** A batch of settlements is one record only, and nothing else happens afterwards. */
  @Test
  void atRestWhatWasSettledHasLetItsFilesGo() throws Exception {
    QueueFolders folders = folders();
    folders.checkpointRecords = 1_000_000;
    try (DiskQueue queue = folders.open(Observer.none())) {
      for (int i = 0; i < 2000; i++) {
        queue.submit(message(i), Duration.ZERO, soon());
      }
      queue.send(message(2000), soon());
      assertThat(QueueFolders.segments(folders.folder())).hasSizeGreaterThan(20);
      assertThat(drain(queue)).hasSize(2001);
      Eventually.passes(
          Duration.ofSeconds(10),
          () -> assertThat(QueueFolders.segments(folders.folder())).hasSizeLessThan(4));
    }
  }

  @Test
  void aBacklogIsDeliveredInOrderAcrossRestarts() throws Exception {
    QueueFolders folders = folders();
    DiskQueue queue = folders.open(Observer.none());
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      queue.submit(message(i), Duration.ZERO, soon());
      sent.add("m" + i);
    }
    queue.trySend(message(2000), Duration.ZERO, soon()).orThrow();
    sent.add("m2000");
    List<String> taken = new ArrayList<>();
    for (int restart = 0; restart < 6; restart++) {
      for (int i = 0; i < 50 * restart; i++) {
        Delivery delivery = one(queue);
        taken.add(delivery.message().id().value());
        delivery.settle(Outcome.done(), soon());
      }
      assertThat(queue.depth(soon()).waiting()).isEqualTo(sent.size() - taken.size());
      queue = folders.openAfterKill(queue);
    }
    taken.addAll(drain(queue));
    assertThat(taken).isEqualTo(sent);
    queue.close();
  }

  @Test
  void withAsManyInHandAsMayBeNothingMoreIsReadAndItGoesOnWhenOneIsGone() throws Exception {
    QueueFolders folders = folders();
    folders.heldMax = 10;
    try (DiskQueue queue = folders.open(Observer.none())) {
      for (int i = 0; i < 300; i++) {
        queue.send(message(i), soon());
      }
      List<Delivery> held = new ArrayList<>();
      List<Delivery> some = queue.receive(1, now());
      while (!some.isEmpty()) {
        held.addAll(some);
        some = queue.receive(1, now());
      }
      // A batch is taken in hand whole.
      assertThat(held.size()).isBetween(10, 40);
      assertThat(queue.trySend(message(300), Duration.ZERO, now()))
          .isEqualTo(new SendResult.Accepted());
      queue.settleAll(held, Outcome.done(), soon());
      assertThat(drain(queue)).hasSize(301 - held.size());
    }
  }

  @Test
  void aSecondOpeningIsRefused() {
    try (DiskQueue queue = folders().open(Observer.none())) {
      assertThat(queue.name()).isEqualTo("queue");
      DiskException refused =
          catchThrowableOfType(DiskException.class, () -> folders().open(Observer.none()));
      assertThat(refused.reason()).isEqualTo(Reason.IN_USE);
    }
  }

  @Test
  void aPayloadBoundThatFitsNoRecordIsRefused() {
    QueueFolders folders = new QueueFolders(root, OPTIONS, TIME);
    assertThatThrownBy(
            () ->
                DiskQueue.open(
                    "queue",
                    OPTIONS.withPayloadMaxBytes(1 << 20),
                    dev.ashlar.messaging.journal.DiskOptions.folder(folders.folder()),
                    TIME,
                    Observer.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("payloadMaxBytes: 1048576 (expected: at most ");
  }

  private static void flip(Path segment) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(20_000);
      int was = file.read();
      file.seek(20_000);
      file.write(was ^ 1);
    }
  }

  private void fill(DiskQueue queue) throws Exception {
    for (int i = 0; i < 300; i++) {
      queue.submit(message(i), Duration.ZERO, soon());
    }
    queue.send(message(300), soon());
    queue.close();
  }

  @Test
  void damageInTheMiddleIsToldWithFileAndOffset() throws Exception {
    QueueFolders folders = folders();
    fill(folders.open(Observer.none()));
    Path damaged = QueueFolders.segments(folders.folder()).get(1);
    flip(damaged);
    try (DiskQueue queue = folders.open(Observer.none())) {
      DiskException told = catchThrowableOfType(DiskException.class, () -> drain(queue));
      assertThat(told.reason()).isEqualTo(Reason.DAMAGED);
      assertThat(told.file()).endsWith(damaged.getFileName().toString());
      assertThat(told.offset()).isPositive();
    }
  }

  @Test
  void aMirrorHealsDamage() throws Exception {
    QueueFolders folders = folders();
    Path one = root.resolve("one");
    Path two = root.resolve("two");
    fill(folders.open(Observer.none(), one, two));
    flip(QueueFolders.segments(one).get(1));
    try (DiskQueue queue = folders.open(Observer.none(), one, two)) {
      assertThat(drain(queue)).hasSize(301).startsWith("m0", "m1").endsWith("m300");
    }
  }

  /** Whatever the process was doing when it died, what it was told holds. */
  @Test
  void aCrashAtAnyStepLosesNothingThatWasAcknowledged() throws Exception {
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      crashed = crashAt(++steps);
    }
    assertThat(steps).isGreaterThan(20);
  }

  /** Returns whether there was such a step. */
  private boolean crashAt(int step) throws Exception {
    QueueFolders folders = new QueueFolders(root.resolve("step-" + step), OPTIONS, TIME);
    CrashAt crash = CrashAt.nth(step);
    Set<String> accepted = new HashSet<>();
    Set<String> done = new HashSet<>();
    Set<String> tried = new HashSet<>();
    DiskQueue queue = folders.open(crash);
    try {
      for (int i = 0; i < 12; i++) {
        queue.send(message(i).withKey("k" + i % 3), soon());
        accepted.add("m" + i);
      }
      work(queue, done, tried);
    } catch (SimulatedCrash | DiskException | IllegalStateException died) {
      assertThat(crash.hasCrashed()).isTrue();
    }
    DiskQueue after = folders.openAfterKill(queue);
    for (DeadLetters.Entry each : after.deadLetters().list(100, soon())) {
      after.deadLetters().redrive(each.message().id(), soon());
    }
    List<String> left = drain(after);
    assertThat(left).as("step %d", step).doesNotHaveDuplicates().noneMatch(done::contains);
    accepted.removeAll(tried);
    assertThat(left).as("step %d", step).containsAll(accepted);
    after.close();
    return crash.hasCrashed();
  }

  private static void work(DiskQueue queue, Set<String> done, Set<String> tried)
      throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      Delivery delivery = one(queue);
      if (i % 4 == 1) {
        delivery.settle(new Outcome.Retry(Duration.ZERO, "again"), soon());
      } else if (i % 4 == 2) {
        delivery.settle(new Outcome.DeadLetter("hopeless"), soon());
        queue.deadLetters().redrive(delivery.message().id(), soon());
      } else {
        tried.add(delivery.message().id().value());
        if (delivery.settle(Outcome.done(), soon()) == Settlement.APPLIED) {
          done.add(delivery.message().id().value());
        }
      }
    }
    queue.close();
  }
}
