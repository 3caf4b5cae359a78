package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backlog of two million records is written, opened again, read by a group and committed, in a
 * process whose heap would hold a fiftieth of it.
 */
@Tag("engine")
class LogMemoryTest {

  private static final int RECORDS = Integer.getInteger("ashlar.records", 2_000_000);
  private static final int PARTITIONS = 4;

  @TempDir Path folder;

  /** The child: {@code FOLDER RECORDS}. */
  public static final class Child {

    private Child() {}

    public static void main(String[] args) throws InterruptedException {
      int records = Integer.parseInt(args[1]);
      try (DiskEventLog log = open(args[0])) {
        long start = System.nanoTime();
        write(log, records);
        say("written", start);
      }
      long opening = System.nanoTime();
      try (DiskEventLog log = open(args[0])) {
        say("opened", opening);
        long start = System.nanoTime();
        System.out.println("read: " + read(log, records));
        say("read", start);
      }
    }

    private static void say(String what, long startNanos) {
      System.out.println(what + ": " + (System.nanoTime() - startNanos) / 1_000_000 + " ms");
    }

    private static DiskEventLog open(String folder) throws InterruptedException {
      return DiskEventLog.open(
          "log",
          DiskOptions.folder(Path.of(folder)).withDurability(Durability.OS),
          LogOptions.partitions(PARTITIONS).withRetention(Duration.ofDays(1), 8L << 30),
          TimeSource.system(),
          Observer.none());
    }

    private static Deadline soon() {
      return Deadline.after(Duration.ofMinutes(1), TimeSource.system());
    }

    private static void write(EventLog log, int records) throws InterruptedException {
      String filling = "f".repeat(90);
      List<AppendResult.Ticket> tickets = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        Message message =
            Message.of(new MessageId("m" + i), Bytes.utf8(filling + i)).withKey("k" + i % 1000);
        tickets.add(log.submit(message, soon()));
        if (tickets.size() == 1000 || i + 1 == records) {
          for (AppendResult.Ticket ticket : tickets) {
            ticket.await(soon()).orThrow();
          }
          tickets.clear();
        }
      }
    }

    /** Reads all partitions in turn, as a consumer that owns all of them does. */
    private static long read(EventLog log, int records) throws InterruptedException {
      GroupMember member = log.join("group", StartAt.beginning(), Duration.ofMinutes(1));
      long count = 0;
      while (count < records) {
        for (OwnedPartition each :
            member.attend(
                Set.of("0", "1", "2", "3"), Deadline.after(Duration.ZERO, soon().time()))) {
          ReadResult result = each.read(1000, Deadline.after(Duration.ZERO, soon().time()));
          List<LogRecord> read = ((ReadResult.Records) result).records();
          count += read.size();
          if (!read.isEmpty()) {
            Position last = read.get(read.size() - 1).position();
            each.commit(last, soon());
          }
        }
      }
      long lag =
          log.lag("group", soon()).stream().mapToLong(each -> each.records().orElse(-1)).sum();
      return count + lag;
    }
  }

  @Test
  void memoryIsBoundedWhateverTheBacklog() throws Exception {
    List<String> lines;
    try (ChildJvm child =
        ChildJvm.start(
            Child.class, ChildJvm.small("48m"), folder.toString(), Integer.toString(RECORDS))) {
      lines = child.linesToEnd(Duration.ofMinutes(10));
    }

    System.out.println("log backlog: " + lines);
    assertThat(lines).contains("read: " + RECORDS);
  }
}
