package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.MemoryQueue;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is asked of it in whatever order, the queue on disk answers as the one in memory does,
 * also when it is closed or killed in between.
 */
class QueueModelTest {

  private static final int ROUNDS = 120;
  private static final int STEPS = 120;

  @TempDir Path root;

  @Test
  void itAnswersAsTheQueueInMemory() throws Exception {
    int[] round = new int[1];
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          Pair pair = new Pair(root.resolve("round-" + round[0]++), random);
          for (int i = 0; i < STEPS; i++) {
            pair.step();
          }
          pair.end();
        });
  }

  /** The same operations on both. */
  private static final class Pair {
    private final RandomGenerator random;
    private final ManualTime time = ManualTime.create();
    private final QueueFolders folders;
    private final MessageQueue memory;
    private DiskQueue disk;
    private final List<Delivery> fromMemory = new ArrayList<>();
    private final List<Delivery> fromDisk = new ArrayList<>();
    private int sent;

    Pair(Path root, RandomGenerator random) {
      this.random = random;
      DeadKey deadKey = random.nextBoolean() ? DeadKey.skip() : DeadKey.park(random.nextInt(6));
      QueueOptions options =
          QueueOptions.capacity(40)
              .withVisibility(Duration.ofSeconds(10))
              .withAttemptsMax(3)
              .withLifetime(Duration.ofMinutes(10))
              .withPayloadMaxBytes(8000)
              .withDeadKey(deadKey);
      folders = new QueueFolders(root, options, time);
      folders.checkpointRecords = 1 + random.nextInt(60);
      memory = MemoryQueue.of("queue", options, time, Observer.none());
      disk = folders.open(Observer.none());
    }

    private Deadline now() {
      return Deadline.after(Duration.ZERO, time);
    }

    void step() throws Exception {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4, 5 -> send();
        case 6, 7, 8 -> receive();
        case 9, 10, 11, 12, 13 -> settle();
        case 14 -> time.advance(Duration.ofSeconds(random.nextInt(8)));
        case 15 -> redrive();
        case 16 -> restart();
        default -> compare();
      }
    }

    private Message message() {
      Message message =
          Message.of(new MessageId("m" + sent++), Bytes.utf8("p".repeat(random.nextInt(2000))));
      if (random.nextInt(3) > 0) {
        message = message.withKey("k" + random.nextInt(3));
      }
      return random.nextInt(8) == 0
          ? message.withTimeToLive(Duration.ofSeconds(1 + random.nextInt(20)))
          : message;
    }

    private boolean send() throws InterruptedException {
      Message message = message();
      Duration delay = Duration.ofSeconds(random.nextInt(4) == 0 ? random.nextInt(5) : 0);
      SendResult result = disk.trySend(message, delay, now());
      assertThat(result.getClass()).isEqualTo(memory.trySend(message, delay, now()).getClass());
      return result instanceof SendResult.Accepted;
    }

    private void receive() throws InterruptedException {
      int most = 1 + random.nextInt(4);
      List<Delivery> expected = memory.receive(most, now());
      List<Delivery> found = disk.receive(most, now());
      assertThat(found.stream().map(each -> each.message() + " " + each.attempt()).toList())
          .isEqualTo(expected.stream().map(each -> each.message() + " " + each.attempt()).toList());
      for (int i = 0; i < found.size(); i++) {
        assertThat(found.get(i).message()).isEqualTo(expected.get(i).message());
        assertThat(found.get(i).timeToLive()).isEqualTo(expected.get(i).timeToLive());
      }
      fromMemory.addAll(expected);
      fromDisk.addAll(found);
    }

    private void settle() throws InterruptedException {
      if (fromDisk.isEmpty()) {
        return;
      }
      int which = random.nextInt(fromDisk.size());
      int how = random.nextInt(10);
      boolean again = how == 1 || random.nextInt(4) == 0;
      Delivery one = again ? fromMemory.get(which) : fromMemory.remove(which);
      Delivery other = again ? fromDisk.get(which) : fromDisk.remove(which);
      if (how == 0) {
        assertThat(other.release(now())).isEqualTo(one.release(now()));
      } else if (how == 1) {
        assertThat(other.renew(now())).isEqualTo(one.renew(now()));
      } else {
        Outcome outcome = outcome(how);
        assertThat(other.settle(outcome, now())).isEqualTo(one.settle(outcome, now()));
      }
    }

    private Outcome outcome(int how) {
      if (how < 5) {
        return Outcome.done();
      }
      return how < 8
          ? new Outcome.Retry(Duration.ofSeconds(random.nextInt(4)), "cause " + sent)
          : new Outcome.DeadLetter("reason " + sent);
    }

    private void redrive() throws InterruptedException {
      List<DeadLetters.Entry> dead = memory.deadLetters().list(100, now());
      if (dead.isEmpty()) {
        return;
      }
      MessageId id = dead.get(random.nextInt(dead.size())).message().id();
      if (random.nextInt(3) == 0) {
        assertThat(disk.deadLetters().discard(id, now()))
            .isEqualTo(memory.deadLetters().discard(id, now()));
      } else {
        assertThat(disk.deadLetters().redrive(id, now()))
            .isEqualTo(memory.deadLetters().redrive(id, now()));
      }
    }

    private void compare() throws InterruptedException {
      assertThat(disk.depth(now())).isEqualTo(memory.depth(now()));
      assertThat(dead(disk)).isEqualTo(dead(memory));
    }

    /** Those that died at the same moment are in any order. */
    private List<String> dead(MessageQueue queue) throws InterruptedException {
      return queue.deadLetters().list(100, now()).stream().map(Pair::print).sorted().toList();
    }

    private static String print(DeadLetters.Entry entry) {
      return entry.message().id() + " " + entry.attempts() + " " + entry.lastFailure();
    }

    /** In memory nothing survives, so whoever holds something gives it back before. */
    private void restart() throws Exception {
      for (int i = 0; i < fromDisk.size(); i++) {
        assertThat(fromDisk.get(i).release(now())).isEqualTo(fromMemory.get(i).release(now()));
      }
      fromDisk.clear();
      fromMemory.clear();
      compare();
      // What was given back is on the disk with what is sent after it.
      if (random.nextBoolean() && send()) {
        disk = folders.openAfterKill(disk);
      } else {
        disk.close();
        disk = folders.open(Observer.none());
      }
      compare();
    }

    void end() throws Exception {
      time.advance(Duration.ofSeconds(30));
      for (int i = 0; i < 60; i++) {
        receive();
        settle();
      }
      restart();
      disk.close();
      memory.close();
    }
  }
}
