package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.FaultyDisk;
import dev.ashlar.messaging.log.AppendResult;
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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Crashes of the machine and errors of the disk, in any order, against a model. */
class LogFaultsTest {

  private static final int ROUNDS = Integer.getInteger("ashlar.rounds", 300);
  private static final int STEPS = 60;
  private static final DiskOptions DISK =
      DiskOptions.folder(Path.of("simulated")).withSegmentBytes(64 << 10);
  private static final LogOptions OPTIONS =
      LogOptions.partitions(1).withPayloadMaxBytes(8000).withRetention(Duration.ofDays(1), 1 << 30);

  private static DiskEventLog open(FaultyDisk disk) throws InterruptedException {
    LogState.Watch watch = new LogState.Watch(TimeSource.system(), Observer.none());
    return DiskEventLog.on(
        "log", disk.open(DISK, TimeSource.system(), Observer.none()), OPTIONS, DISK, watch);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  private static Deadline atOnce() {
    return Deadline.after(Duration.ZERO, TimeSource.system());
  }

  private static List<LogRecord> all(EventLog log) throws InterruptedException {
    List<LogRecord> all = new ArrayList<>();
    try (LogReader reader = log.reader("0", StartAt.beginning(), soon())) {
      while (reader.read(7, atOnce()) instanceof ReadResult.Records read
          && !read.records().isEmpty()) {
        all.addAll(read.records());
      }
    }
    return all;
  }

  private record Known(Position position, String text) {

    static Known of(LogRecord entry) {
      return new Known(entry.position(), LogFaultsTest.text(entry.message()));
    }
  }

  private static String text(Message message) {
    String whole = message.payload().toUtf8();
    return whole.substring(0, whole.indexOf(' '));
  }

  /** What one process does, and what must be true of it. */
  private static final class Life {
    private final RandomGenerator random;
    private final FaultyDisk disk = new FaultyDisk();
    private final List<Known> known = new ArrayList<>();
    private final Set<String> possible = new HashSet<>();
    private DiskEventLog log;
    private OwnedPartition owned;
    private long committed;
    private long epoch;
    private int made;

    Life(RandomGenerator random) throws InterruptedException {
      this.random = random;
      log = open(disk);
      owned = own();
    }

    private OwnedPartition own() throws InterruptedException {
      GroupMember member = log.join("group", StartAt.beginning(), Duration.ofHours(1));
      OwnedPartition mine = member.attend(Set.of(), atOnce()).get(0);
      assertThat(mine.epoch()).isGreaterThan(epoch);
      epoch = mine.epoch();
      return mine;
    }

    void step() throws InterruptedException {
      switch (random.nextInt(12)) {
        case 0 -> disk.failAfter(random.nextInt(4));
        case 1 -> {
          disk.heal();
          disk.writeShort(random.nextBoolean());
        }
        case 2 -> crash();
        case 3 -> saveIfPossible();
        case 4, 5 -> commitIfPossible();
        case 6 -> append(random.nextInt(2, 5));
        default -> append(1);
      }
    }

    /** What was unknown is known once it is there or not: then it cannot change any more. */
    private void crash() throws InterruptedException {
      disk.crash(random);
      disk.heal();
      log = open(disk);
      List<Known> found = all(log).stream().map(Known::of).toList();
      List<Known> more = new ArrayList<>(found);
      more.removeAll(known);
      assertThat(found).containsSubsequence(known);
      assertThat(found).hasSize(known.size() + more.size());
      assertThat(more).allMatch(each -> possible.contains(each.text), "was not refused");
      known.clear();
      known.addAll(found);
      assertThatTogetherIsTogether();
      owned = own();
      assertThatNothingCommittedComesAgain();
    }

    /** Each message that was appended with others says which ones: "name/index/count". */
    private void assertThatTogetherIsTogether() {
      Set<String> texts = new HashSet<>();
      known.forEach(each -> texts.add(each.text));
      for (String text : texts) {
        String[] parts = text.split("/", -1);
        for (int i = 0; i < Integer.parseInt(parts[2]); i++) {
          assertThat(texts).contains(parts[0] + "/" + i + "/" + parts[2]);
        }
      }
    }

    private void assertThatNothingCommittedComesAgain() throws InterruptedException {
      ReadResult next = owned.read(1, atOnce());
      List<LogRecord> records = ((ReadResult.Records) next).records();
      List<Known> behind = known.stream().filter(each -> number(each) > committed).toList();
      if (records.isEmpty()) {
        // A commit that nobody answered may have been carried out.
        return;
      }
      assertThat(behind).contains(Known.of(records.get(0)));
    }

    private static long number(Known each) {
      return Long.parseLong(each.position.token());
    }

    private void append(int count) throws InterruptedException {
      String name = "m" + made++;
      List<Message> messages = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String text = name + "/" + i + "/" + count;
        String filling = "z".repeat(random.nextInt(3000));
        messages.add(Message.of(new MessageId(name + "." + i), Bytes.utf8(text + " " + filling)));
      }
      List<AppendResult> results =
          count == 1
              ? List.of(log.tryAppend(messages.get(0), soon()))
              : log.appendTogether(messages, soon());
      for (int i = 0; i < count; i++) {
        if (results.get(i) instanceof AppendResult.Accepted accepted) {
          known.add(new Known(accepted.position(), text(messages.get(i))));
        } else if (results.get(i) instanceof AppendResult.Unknown) {
          possible.add(text(messages.get(i)));
        }
      }
    }

    private void commitIfPossible() throws InterruptedException {
      ReadResult next = owned.read(random.nextInt(1, 4), atOnce());
      List<LogRecord> records = ((ReadResult.Records) next).records();
      if (records.isEmpty()) {
        return;
      }
      Position last = records.get(records.size() - 1).position();
      try {
        assertThat(owned.commit(last, soon())).isEqualTo(new CommitResult.Committed());
        committed = Long.parseLong(last.token());
      } catch (BackendException diskFailed) {
        disk.heal();
      }
    }

    private void saveIfPossible() throws InterruptedException {
      try {
        log.engine().state().upkeep().save(soon());
      } catch (BackendException diskFailed) {
        disk.heal();
      }
    }

    void check() throws InterruptedException {
      assertThat(all(log).stream().map(Known::of)).isEqualTo(known);
    }

    void end() throws InterruptedException {
      disk.heal();
      check();
      log.close();
      log = open(disk);
      check();
      log.close();
    }
  }

  @Test
  void nothingIsLostDoubledOrHalfAppendedWhateverTheDiskDoes() throws Exception {
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          Life life = new Life(random);
          for (int step = 0; step < STEPS; step++) {
            life.step();
          }
          life.end();
        });
  }

  @Test
  void aFullDiskRefusesAndTheLogGoesOnOnceThereIsRoom() throws Exception {
    FaultyDisk disk = new FaultyDisk();
    DiskEventLog log = open(disk);
    disk.fill();
    int accepted = 0;
    AppendResult result = log.tryAppend(filling(accepted), soon());
    while (result instanceof AppendResult.Accepted) {
      accepted++;
      result = log.tryAppend(filling(accepted), soon());
    }
    assertThat(result)
        .isInstanceOfSatisfying(
            AppendResult.Refused.class, refused -> assertThat(refused.why()).startsWith("FULL: "));
    assertThat(all(log)).hasSize(accepted);

    disk.heal();

    assertThat(log.tryAppend(filling(accepted), soon())).isInstanceOf(AppendResult.Accepted.class);
    assertThat(all(log)).hasSize(accepted + 1);
    log.close();
    DiskEventLog again = open(disk);
    assertThat(all(again)).hasSize(accepted + 1);
    again.close();
  }

  private static Message filling(int number) {
    return Message.of(new MessageId("m" + number), Bytes.owning(new byte[5000]));
  }
}
