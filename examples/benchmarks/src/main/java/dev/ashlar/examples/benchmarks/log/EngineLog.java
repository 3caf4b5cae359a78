package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.disk.DiskEventLog;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ashlar's log on disk, with one partition and nothing removed by age or size. Each record is a
 * whole message, with an id, and with the moment of its append.
 */
final class EngineLog implements DurableLog {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long BYTES_MOST = 1L << 40;

  private final EventLog log;
  private final TimeSource time;
  private final AtomicLong ids = new AtomicLong();

  EngineLog(Path folder, Durability durability, TimeSource time) throws InterruptedException {
    this.time = time;
    DiskOptions disk = JournalLog.options(folder, durability);
    LogOptions options = LogOptions.partitions(1).withRetention(Duration.ofDays(365), BYTES_MOST);
    log = DiskEventLog.open("log", disk, options, time, Observer.none());
  }

  private Message message(byte[] record) {
    MessageId id = new MessageId(Long.toString(ids.getAndIncrement()));
    return Message.of(id, Bytes.owning(record));
  }

  @Override
  public void append(byte[] record, Deadline deadline) throws Exception {
    log.append(message(record), deadline);
  }

  @Override
  public Ticket submit(byte[] record, Deadline deadline) throws Exception {
    AppendResult.Ticket ticket = log.submit(message(record), deadline);
    return until -> ticket.await(until).orThrow();
  }

  @Override
  public void read(Sink sink) throws Exception {
    Deadline patience = Deadline.after(PATIENCE, time);
    Deadline now = Deadline.after(Duration.ZERO, time);
    String partition = log.partitions(patience).get(0).id();
    try (LogReader reader = log.reader(partition, StartAt.beginning(), patience)) {
      while (true) {
        List<LogRecord> records = records(reader.read(EventLog.BATCH_MAX, now));
        if (records.isEmpty()) {
          return;
        }
        give(records, sink);
      }
    }
  }

  @Override
  public void consume(Sink sink, Deadline deadline) throws Exception {
    Deadline now = Deadline.after(Duration.ZERO, time);
    try (GroupMember member = log.join("group", StartAt.beginning(), PATIENCE)) {
      List<OwnedPartition> owned = List.of();
      while (owned.isEmpty()) {
        owned = member.attend(Set.of(), deadline);
      }
      while (true) {
        List<LogRecord> records = records(owned.get(0).read(EventLog.BATCH_MAX, now));
        if (records.isEmpty()) {
          return;
        }
        give(records, sink);
        owned.get(0).commit(records.get(records.size() - 1).position(), deadline);
        member.attend(Set.of(), now);
      }
    }
  }

  private static List<LogRecord> records(ReadResult result) {
    if (result instanceof ReadResult.Records read) {
      return read.records();
    }
    throw new IllegalStateException("read: " + result + " (expected: records)");
  }

  private static void give(List<LogRecord> records, Sink sink) {
    for (LogRecord record : records) {
      sink.accept(record.message().payload().asBuffer());
    }
  }

  @Override
  public void close() {
    log.close();
  }
}
