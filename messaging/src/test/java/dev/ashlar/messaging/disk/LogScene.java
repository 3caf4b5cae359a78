package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.JournalTests;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder with a log in it that is opened again and again, and the words to use it. */
final class LogScene {

  static final Duration TERM = Duration.ofSeconds(10);

  final Path folder;
  final ManualTime time = ManualTime.create();
  LogOptions options = LogOptions.partitions(1);
  int segmentBytes = 256 << 10;
  Durability durability = Durability.OS;

  private int ids;

  LogScene(Path folder) {
    this.folder = folder;
  }

  DiskOptions disk() {
    return DiskOptions.folder(folder).withSegmentBytes(segmentBytes).withDurability(durability);
  }

  DiskEventLog open() throws InterruptedException {
    return open(Observer.none());
  }

  DiskEventLog open(Observer observer) throws InterruptedException {
    LogOptions fitting = options.withPayloadMaxBytes(Math.min(options.payloadMaxBytes(), 16 << 10));
    return DiskEventLog.open("log", disk(), fitting, time, observer);
  }

  /** Lets a log go as the death of its process does. */
  static void crash(DiskEventLog log) {
    JournalTests.abandon(log.engine().journal());
  }

  Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  Deadline atOnce() {
    return Deadline.after(Duration.ZERO, time);
  }

  Message message(String text) {
    return Message.of(new MessageId("m" + ++ids), Bytes.utf8(text));
  }

  Position append(EventLog log, String text) throws InterruptedException {
    return log.append(message(text), soon());
  }

  Position append(EventLog log, String key, String text) throws InterruptedException {
    return log.append(message(text).withKey(key), soon());
  }

  List<LogRecord> read(EventLog log, String partition, StartAt start) throws InterruptedException {
    List<LogRecord> all = new ArrayList<>();
    try (LogReader reader = log.reader(partition, start, soon())) {
      while (reader.read(EventLog.BATCH_MAX, atOnce()) instanceof ReadResult.Records read
          && !read.records().isEmpty()) {
        all.addAll(read.records());
      }
    }
    return all;
  }

  List<LogRecord> read(EventLog log) throws InterruptedException {
    return read(log, "0", StartAt.beginning());
  }

  List<String> texts(EventLog log) throws InterruptedException {
    return texts(read(log));
  }

  static List<String> texts(List<LogRecord> records) {
    return records.stream().map(each -> each.message().payload().toUtf8()).toList();
  }

  OwnedPartition own(EventLog log, String group) throws InterruptedException {
    GroupMember member = log.join(group, StartAt.beginning(), TERM);
    return member.attend(Set.of(), atOnce()).get(0);
  }

  List<LogRecord> read(OwnedPartition owned, int most) throws InterruptedException {
    ReadResult result = owned.read(most, atOnce());
    if (result instanceof ReadResult.Records read) {
      return read.records();
    }
    throw new AssertionError("read: " + result + " (expected: records)");
  }

  long lag(EventLog log, String group) throws InterruptedException {
    return log.lag(group, soon()).stream().mapToLong(each -> each.records().orElse(-1)).sum();
  }

  /** Appends records of a thousand characters, a hundred at a time, and looks on after each. */
  void fill(EventLog log, int records) throws InterruptedException {
    List<Message> batch = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      batch.add(message("x".repeat(1000)));
      if (batch.size() == 100) {
        log.appendAll(batch, soon());
        batch.clear();
        log.ends(soon());
      }
    }
  }

  long folderBytes() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  TimeSource time() {
    return time;
  }
}
