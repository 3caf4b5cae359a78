package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.log.CommitResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child process appends, reads and commits from several threads, tells its parent of each
 * acknowledgement, and is killed with a signal that cannot be caught. What the parent has heard of
 * is the ledger: it lives outside of the process that dies.
 *
 * <p>{@code -Dashlar.kills=N} kills N times; the default fits into a build.
 */
@Tag("engine")
class LogKillTest {

  private static final int PARTITIONS = 3;
  private static final int PRODUCERS = 4;
  private static final int KILLS = Integer.getInteger("ashlar.kills", 25);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private static DiskEventLog open(Path folder) throws InterruptedException {
    return DiskEventLog.open(
        "log",
        DiskOptions.folder(folder).withSegmentBytes(1 << 20),
        LogOptions.partitions(PARTITIONS).withRetention(Duration.ofDays(1), 1L << 30),
        TimeSource.system(),
        Observer.none());
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(30), TimeSource.system());
  }

  /** The child: {@code FOLDER NAME}. Each line is "a POSITION TEXT" or "c POSITION EPOCH". */
  public static final class Child {

    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      DiskEventLog log = open(Path.of(args[0]));
      for (int i = 0; i < PRODUCERS; i++) {
        String name = args[1] + "-" + i;
        new Thread(() -> guarded(() -> produce(log, name, System.out))).start();
      }
      new Thread(() -> guarded(() -> consume(log, System.out))).start();
    }

    private interface Loop {
      void run() throws InterruptedException;
    }

    private static void guarded(Loop loop) {
      try {
        loop.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void produce(DiskEventLog log, String name, PrintStream out)
        throws InterruptedException {
      for (int i = 0; ; i++) {
        String text = name + "-" + i + "-" + "p".repeat(i % 300);
        Message message =
            Message.of(new MessageId(name + "-" + i), Bytes.utf8(text)).withKey("key-" + name);
        Position position = log.append(message, soon());
        out.println("a " + position + " " + text);
      }
    }

    private static void consume(DiskEventLog log, PrintStream out) throws InterruptedException {
      GroupMember member = log.join("group", StartAt.beginning(), Duration.ofSeconds(30));
      Deadline brief = Deadline.after(Duration.ZERO, TimeSource.system());
      while (true) {
        List<OwnedPartition> owned =
            member.attend(
                Set.of("0", "1", "2"), Deadline.after(Duration.ofMillis(50), brief.time()));
        for (OwnedPartition each : owned) {
          if (each.read(50, brief) instanceof ReadResult.Records read
              && !read.records().isEmpty()) {
            Position last = read.records().get(read.records().size() - 1).position();
            if (each.commit(last, soon()) instanceof CommitResult.Committed) {
              out.println("c " + last + " " + each.epoch());
            }
          }
        }
      }
    }
  }

  /** What the parent knows. */
  private static final class Ledger {
    private final Map<String, TreeMap<Long, String>> appended = new HashMap<>();
    private final Map<String, Long> committed = new HashMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private int lines;

    /** Takes a line; the last one of a life may be torn by the kill, and then is none. */
    void take(String line) {
      String[] parts = line.split(" ", -1);
      if (parts.length != 3 || Position.parse(parts[1]).isEmpty()) {
        return;
      }
      Position position = Position.parse(parts[1]).get();
      long number = Long.parseLong(position.token());
      if (parts[0].equals("a") && parts[2].matches(".+-\\d+-p*")) {
        appended
            .computeIfAbsent(position.partition(), key -> new TreeMap<>())
            .put(number, parts[2]);
        lines++;
      } else if (parts[0].equals("c") && parts[2].matches("\\d+")) {
        committed.merge(position.partition(), number, Math::max);
        epochs.merge(position.partition(), Long.valueOf(parts[2]), Math::max);
        lines++;
      }
    }
  }

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    Ledger ledger = new Ledger();
    for (int kill = 0; kill < KILLS; kill++) {
      live(ledger, "child" + kill, 100 + random.nextInt(2500));
      try (DiskEventLog log = open(folder)) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          check(log, Integer.toString(partition), ledger, "kill " + kill + ", seed " + seed);
        }
      }
    }
    System.out.println("kill rounds: " + KILLS);
    assertThat(ledger.lines).isGreaterThan(KILLS * 100);
    assertThat(ledger.committed).isNotEmpty();
  }

  private static void check(EventLog log, String partition, Ledger ledger, String note)
      throws InterruptedException {
    List<LogRecord> found = readAll(log, partition);
    Map<Long, String> texts = new HashMap<>();
    Map<String, Integer> lastOf = new HashMap<>();
    long before = -1;
    for (LogRecord each : found) {
      long number = Long.parseLong(each.position().token());
      assertThat(number).as(note).isGreaterThan(before);
      before = number;
      String text = each.message().payload().toUtf8();
      texts.put(number, text);
      String[] parts = text.split("-", -1);
      Integer last = lastOf.put(parts[0] + "-" + parts[1], Integer.valueOf(parts[2]));
      assertThat(Integer.parseInt(parts[2]))
          .as("order of a key, %s", note)
          .isEqualTo(last == null ? 0 : last + 1);
    }
    assertThat(texts)
        .as(note)
        .containsAllEntriesOf(ledger.appended.getOrDefault(partition, new TreeMap<>()));
    checkGroup(log, partition, ledger, note);
  }

  private static List<LogRecord> readAll(EventLog log, String partition)
      throws InterruptedException {
    List<LogRecord> all = new ArrayList<>();
    try (LogReader reader = log.reader(partition, StartAt.beginning(), soon())) {
      while (reader.read(1000, Deadline.after(Duration.ZERO, TimeSource.system()))
              instanceof ReadResult.Records read
          && !read.records().isEmpty()) {
        all.addAll(read.records());
      }
    }
    return all;
  }

  /** A durable commit never goes back: what the group reads next lies behind it, without a gap. */
  private static void checkGroup(EventLog log, String partition, Ledger ledger, String note)
      throws InterruptedException {
    try (GroupMember member = log.join("group", StartAt.beginning(), Duration.ofSeconds(30))) {
      OwnedPartition owned =
          member.attend(Set.of(), soon()).stream()
              .filter(each -> each.partition().equals(partition))
              .findFirst()
              .orElseThrow();
      long committed = ledger.committed.getOrDefault(partition, 0L);
      assertThat(owned.epoch()).as(note).isGreaterThan(ledger.epochs.getOrDefault(partition, 0L));
      ReadResult next = owned.read(1, Deadline.after(Duration.ZERO, TimeSource.system()));
      List<LogRecord> records = ((ReadResult.Records) next).records();
      if (!records.isEmpty()) {
        assertThat(Long.parseLong(records.get(0).position().token()))
            .as("behind the commit, %s", note)
            .isGreaterThan(committed);
      }
    }
  }

  private void live(Ledger ledger, String name, int lines)
      throws IOException, InterruptedException {
    try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.SMALL, folder.toString(), name)) {
      for (String line : child.killAfter(lines, PATIENCE)) {
        ledger.take(line);
      }
    }
  }
}
