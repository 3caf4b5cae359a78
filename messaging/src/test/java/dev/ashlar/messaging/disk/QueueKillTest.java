package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.DeadLetters;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.Settlement;
import dev.ashlar.messaging.disk.QueueEngine.QueueOpening;
import dev.ashlar.messaging.journal.DiskOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Child processes send, receive and settle from several threads, and tell their parent of every
 * answer; the parent kills each with a signal that cannot be caught, at a random moment, and starts
 * the next. What the parent was told is the ledger: it lives outside of the processes that die.
 *
 * <p>As many rounds as {@code -Dashlar.kill.rounds} says.
 */
@Tag("engine")
class QueueKillTest {

  private static final int ROUNDS = Integer.getInteger("ashlar.kill.rounds", 200);
  private static final TimeSource TIME = TimeSource.system();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  /** Small, so that files change, checkpoints are written and old messages move all the time. */
  private static DiskQueue open(Path folder) {
    DiskOptions disk = DiskOptions.folder(folder).withSegmentBytes(128 << 10);
    QueueOptions options =
        QueueOptions.capacity(400)
            .withPayloadMaxBytes(4096)
            .withVisibility(Duration.ofSeconds(20))
            .withAttemptsMax(1000);
    QueueBounds bounds = new QueueBounds(disk, 200, 10_000, 300, 100_000);
    return DiskQueue.open(new QueueOpening("killed", options, bounds, TIME, Observer.none()));
  }

  private static Deadline in(long millis) {
    return Deadline.after(Duration.ofMillis(millis), TIME);
  }

  /**
   * The child: {@code FOLDER NAME}. It begins when it reads a line, and tells with one line each:
   * {@code S id} accepted, {@code D id attempt} delivered, {@code T id} about to be settled, {@code
   * A id} settled as done, {@code X id} set aside.
   */
  public static final class Child {

    private Child() {}

    public static void main(String[] args) throws IOException {
      if (System.in.read() < 0) {
        return;
      }
      DiskQueue queue = open(Path.of(args[0]));
      for (int i = 0; i < 2; i++) {
        String name = args[1] + "-" + i;
        long seed = name.hashCode();
        new Thread(() -> produce(queue, name, Seeds.random(seed), System.out)).start();
        new Thread(() -> consume(queue, Seeds.random(seed + 1), System.out)).start();
      }
    }

    private static void produce(
        MessageQueue queue, String name, RandomGenerator random, PrintStream out) {
      try {
        for (int i = 0; ; i++) {
          boolean keyed = random.nextBoolean();
          String id = name + (keyed ? "-k-" : "-f-") + i;
          String text = "p".repeat(random.nextInt(700));
          Message message = Message.of(new MessageId(id), Bytes.utf8(text));
          SendResult result =
              queue.trySend(
                  keyed ? message.withKey(name) : message,
                  Duration.ofMillis(keyed || random.nextInt(5) > 0 ? 0 : random.nextInt(30)),
                  in(1000));
          if (result instanceof SendResult.Accepted) {
            out.println("S " + id);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void consume(MessageQueue queue, RandomGenerator random, PrintStream out) {
      try {
        while (true) {
          for (Delivery delivery : queue.receive(1 + random.nextInt(5), in(1000))) {
            String id = delivery.message().id().value();
            out.println("D " + id + " " + delivery.attempt());
            settle(delivery, id, random, out);
          }
          if (random.nextInt(20) == 0) {
            redrive(queue, out);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void settle(
        Delivery delivery, String id, RandomGenerator random, PrintStream out)
        throws InterruptedException {
      int choice = random.nextInt(100);
      if (choice < 75) {
        out.println("T " + id);
        if (delivery.settle(Outcome.done(), in(10_000)) == Settlement.APPLIED) {
          out.println("A " + id);
        }
      } else if (choice < 85) {
        Duration delay = Duration.ofMillis(random.nextInt(20));
        delivery.settle(new Outcome.Retry(delay, "again"), in(10_000));
      } else if (choice < 90) {
        delivery.release(in(10_000));
      } else if (id.contains("-f-")) {
        delivery.settle(new Outcome.DeadLetter("for the test"), in(10_000));
      }
      // Others stay in flight until the process dies.
    }

    private static void redrive(MessageQueue queue, PrintStream out) throws InterruptedException {
      for (DeadLetters.Entry each : queue.deadLetters().list(10, in(1000))) {
        MessageId id = each.message().id();
        if (id.value().endsWith("7")) {
          out.println("T " + id);
          queue.deadLetters().discard(id, in(10_000));
        } else {
          queue.deadLetters().redrive(id, in(10_000));
        }
      }
    }
  }

  /** What the children have told. */
  private static final class Ledger {
    final Set<String> accepted = new HashSet<>();
    final Set<String> tried = new HashSet<>();
    final Set<String> done = new HashSet<>();
    final Map<String, Integer> attempts = new HashMap<>();
    final Map<String, Integer> sameAttempt = new HashMap<>();
    final Map<String, Integer> lastOfKey = new HashMap<>();

    void note(String line) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "S" -> accepted.add(words[1]);
        case "T" -> tried.add(words[1]);
        case "A" -> done.add(words[1]);
        case "D" -> delivered(words[1], Integer.parseInt(words[2]));
        default -> throw new AssertionError("line: " + line);
      }
    }

    void delivered(String id, int attempt) {
      assertThat(done).as("delivered after it was done").doesNotContain(id);
      Integer before = attempts.put(id, attempt);
      if (before != null) {
        assertThat(attempt).as("attempt of %s", id).isGreaterThanOrEqualTo(before);
        int same = attempt == before ? sameAttempt.merge(id, 1, Integer::sum) : 0;
        assertThat(same).as("uncounted in a row, %s", id).isLessThanOrEqualTo(1);
        if (attempt > before) {
          sameAttempt.remove(id);
        }
      } else if (id.contains("-k-")) {
        inOrder(id);
      }
    }

    private void inOrder(String id) {
      int at = id.indexOf("-k-");
      int number = Integer.parseInt(id.substring(at + 3));
      Integer last = lastOfKey.put(id.substring(0, at), number);
      assertThat(last == null || last < number).as("order of %s after %s", id, last).isTrue();
    }
  }

  @Test
  void nothingAcceptedIsLostAndNothingDoneComesAgainWhateverIsKilledWhen() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    Ledger ledger = new Ledger();
    int rounds = 0;
    ChildJvm next = child(0);
    try {
      while (rounds < ROUNDS) {
        ChildJvm now = next;
        next = child(rounds + 1);
        killed(now, random.nextInt(400), ledger);
        rounds++;
      }
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed + ", round " + rounds + ": " + e.getMessage(), e);
    } finally {
      next.kill();
      next.awaitEnd(PATIENCE);
    }
    drain(ledger);
    System.out.println(
        "kill rounds: "
            + rounds
            + ", accepted: "
            + ledger.accepted.size()
            + ", done: "
            + ledger.done.size());
    assertThat(ledger.done.size()).isGreaterThan(rounds);
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

  /** All that was accepted, and that nobody tried to settle, is there. */
  private void drain(Ledger ledger) throws Exception {
    Set<String> missing = new HashSet<>(ledger.accepted);
    missing.removeAll(ledger.tried);
    try (DiskQueue queue = open(folder)) {
      Deadline patience = in(60_000);
      MessageQueue.Depth nothing = new MessageQueue.Depth(0, 0, 0);
      while (!queue.depth(in(1000)).equals(nothing)) {
        assertThat(patience.hasExpired()).as("a queue that does not empty").isFalse();
        for (DeadLetters.Entry each : queue.deadLetters().list(100, in(1000))) {
          queue.deadLetters().redrive(each.message().id(), in(1000));
        }
        for (Delivery each : queue.receive(100, in(20))) {
          ledger.delivered(each.message().id().value(), each.attempt());
          missing.remove(each.message().id().value());
          each.settle(Outcome.done(), in(10_000));
        }
      }
    } catch (BackendException e) {
      throw new AssertionError("draining: failed", e);
    }
    assertThat(missing).as("lost").isEmpty();
  }
}
