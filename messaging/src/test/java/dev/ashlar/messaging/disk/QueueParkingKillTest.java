package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.DeadKey;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.MessageQueue.Depth;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.disk.QueueEngine.QueueOpening;
import dev.ashlar.messaging.journal.DiskOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dead letter holds its key back, also when the process is killed: nothing of a key is delivered
 * before all that was accepted earlier is settled or discarded, whatever was set aside, redriven
 * and killed in between. As many rounds as {@code -Dashlar.kill.rounds} says.
 */
@Tag("engine")
class QueueParkingKillTest {

  private static final int ROUNDS = Integer.getInteger("ashlar.kill.rounds", 100);
  private static final TimeSource TIME = TimeSource.system();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static DiskQueue open(Path folder) {
    DiskOptions disk = DiskOptions.folder(folder).withSegmentBytes(128 << 10);
    QueueOptions options =
        QueueOptions.capacity(300)
            .withPayloadMaxBytes(4096)
            .withVisibility(Duration.ofSeconds(20))
            .withAttemptsMax(1000)
            .withDeadKey(DeadKey.park(20));
    QueueBounds bounds = new QueueBounds(disk, 400, 10_000, 300, 100_000);
    return DiskQueue.open(new QueueOpening("parked", options, bounds, TIME, Observer.none()));
  }

  private static Deadline in(long millis) {
    return Deadline.after(Duration.ofMillis(millis), TIME);
  }

  /**
   * The child: {@code FOLDER NAME}. It begins when it reads a line, and tells with one line each:
   * {@code S key number} accepted, {@code D key number} delivered, {@code T key number} about to be
   * settled or discarded.
   */
  public static final class Child {

    private Child() {}

    public static void main(String[] args) throws IOException {
      if (System.in.read() < 0) {
        return;
      }
      DiskQueue queue = open(Path.of(args[0]));
      long seed = args[1].hashCode();
      new Thread(() -> produce(queue, args[1], Seeds.random(seed))).start();
      for (int i = 1; i <= 2; i++) {
        RandomGenerator random = Seeds.random(seed + i);
        new Thread(() -> consume(queue, random, System.out)).start();
      }
    }

    private static void produce(MessageQueue queue, String name, RandomGenerator random) {
      try {
        for (int i = 0; ; i++) {
          String key = name + "-" + i % 3;
          Bytes payload = Bytes.utf8("p".repeat(random.nextInt(500)));
          Message message = Message.of(new MessageId(key + "." + i), payload).withKey(key);
          if (queue.trySend(message, Duration.ZERO, in(100)) instanceof SendResult.Accepted) {
            System.out.println("S " + key + " " + i);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void consume(MessageQueue queue, RandomGenerator random, PrintStream out) {
      try {
        while (true) {
          for (Delivery each : queue.receive(1 + random.nextInt(5), in(20))) {
            settle(each, random, out);
          }
          if (random.nextInt(4) == 0) {
            redrive(queue, random, out);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static String words(Message message) {
      return message.id().value().replace('.', ' ');
    }

    private static void settle(Delivery delivery, RandomGenerator random, PrintStream out)
        throws InterruptedException {
      out.println("D " + words(delivery.message()));
      int choice = random.nextInt(100);
      if (choice < 70) {
        out.println("T " + words(delivery.message()));
        delivery.settle(Outcome.done(), in(10_000));
      } else if (choice < 80) {
        delivery.settle(new Outcome.Retry(Duration.ZERO, "again"), in(10_000));
      } else if (choice < 85) {
        delivery.release(in(10_000));
      } else {
        delivery.settle(new Outcome.DeadLetter("for the test"), in(10_000));
      }
    }

    private static void redrive(MessageQueue queue, RandomGenerator random, PrintStream out)
        throws InterruptedException {
      for (DeadLetters.Entry each : queue.deadLetters().list(10, in(1000))) {
        if (random.nextInt(4) == 0) {
          out.println("T " + words(each.message()));
          queue.deadLetters().discard(each.message().id(), in(10_000));
        } else {
          queue.deadLetters().redrive(each.message().id(), in(10_000));
        }
      }
    }
  }

  /** What the children have told: of each key, what was accepted and nobody tried to settle. */
  private static final class Ledger {
    private final Map<String, TreeSet<Integer>> open = new HashMap<>();
    private final Map<String, TreeSet<Integer>> tried = new HashMap<>();
    private int accepted;
    private int delivered;

    void note(String line) {
      String[] words = line.split(" ", -1);
      int number = Integer.parseInt(words[2]);
      TreeSet<Integer> places = open.computeIfAbsent(words[1], key -> new TreeSet<>());
      TreeSet<Integer> gone = tried.computeIfAbsent(words[1], key -> new TreeSet<>());
      switch (words[0]) {
        case "S" -> {
          accepted++;
          if (!gone.contains(number)) {
            places.add(number);
          }
        }
        case "T" -> {
          gone.add(number);
          places.remove(number);
        }
        case "D" -> {
          delivered++;
          assertThat(places.headSet(number)).as("held back before %s", line).isEmpty();
        }
        default -> throw new AssertionError("line: " + line);
      }
    }
  }

  @Test
  void nothingOvertakesADeadLetterOfItsKeyWhateverIsKilledWhen() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    Ledger ledger = new Ledger();
    int round = 0;
    ChildJvm next = child(0);
    try {
      while (round < ROUNDS) {
        ChildJvm now = next;
        next = child(++round);
        killed(now, random.nextInt(300), ledger);
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", round " + round + ": " + e.getMessage(), e);
    } finally {
      next.kill();
      next.awaitEnd(PATIENCE);
    }
    drain(ledger);
    System.out.println(
        "parking under kills: rounds "
            + round
            + ", accepted "
            + ledger.accepted
            + ", delivered "
            + ledger.delivered);
    assertThat(ledger.delivered).isGreaterThan(round);
  }

  private ChildJvm child(int round) throws IOException {
    return ChildJvm.start(Child.class, ChildJvm.small("48m"), folder.toString(), "c" + round);
  }

  /** Lets a child begin, and kills it after so many lines; what it told until then counts. */
  private static void killed(ChildJvm child, int lines, Ledger ledger)
      throws IOException, InterruptedException {
    child.tell("");
    for (String line : child.killAfter(lines + 1, PATIENCE)) {
      ledger.note(line);
    }
  }

  /** In the end all that was accepted, and that nobody tried to settle, comes in its order. */
  private void drain(Ledger ledger) throws Exception {
    try (DiskQueue queue = open(folder)) {
      Deadline patience = in(60_000);
      while (!queue.depth(in(1000)).equals(new Depth(0, 0, 0))) {
        assertThat(patience.hasExpired()).as("a queue that does not empty").isFalse();
        for (DeadLetters.Entry each : queue.deadLetters().list(100, in(1000))) {
          queue.deadLetters().redrive(each.message().id(), in(1000));
        }
        for (Delivery each : queue.receive(100, in(20))) {
          ledger.note("D " + Child.words(each.message()));
          each.settle(Outcome.done(), in(10_000));
          ledger.note("T " + Child.words(each.message()));
        }
      }
    }
    assertThat(ledger.open).as("lost").allSatisfy((key, left) -> assertThat(left).isEmpty());
  }
}
