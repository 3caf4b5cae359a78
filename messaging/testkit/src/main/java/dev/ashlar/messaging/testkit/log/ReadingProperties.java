package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.log.AppendResult;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.Position;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That records are read as they were appended, from wherever reading begins. */
abstract class ReadingProperties extends LogFixture {

  @Test
  @Proves("LOG-1")
  void recordsAreReadInTheOrderAppendedAndTheirPositionsIncrease() throws Exception {
    EventLog log = log();
    List<Position> appended = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      appended.add(append(log, "r" + i));
    }

    List<LogRecord> read = drain(reader(log, StartAt.beginning()));

    assertThat(texts(read)).hasSize(20).first().isEqualTo("r1");
    assertThat(read.stream().map(LogRecord::position)).isEqualTo(appended);
    assertIncreasing(read);
  }

  static void assertIncreasing(List<LogRecord> records) {
    for (int i = 1; i < records.size(); i++) {
      assertThat(records.get(i).position().isAfter(records.get(i - 1).position())).isTrue();
      assertThat(records.get(i).appendedAt()).isAfterOrEqualTo(records.get(i - 1).appendedAt());
    }
  }

  @Test
  @Proves("LOG-1")
  void whatIsSubmittedWithoutWaitingKeepsItsOrder() throws Exception {
    EventLog log = log();
    List<Message> sent = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      sent.add(message("r" + i).withKey("one"));
    }

    List<AppendResult> results = log.appendAll(sent, soon());

    assertThat(results).hasSize(30).allMatch(each -> each instanceof AppendResult.Accepted);
    assertThat(drain(reader(log, StartAt.beginning())).stream().map(LogRecord::message))
        .isEqualTo(sent);
  }

  @Test
  @Proves("LOG-2")
  void readingAPlaceAgainGivesTheSameRecords() throws Exception {
    EventLog log = log();
    appendAll(log, 10);
    List<LogRecord> first = drain(reader(log, StartAt.beginning()));
    pass(term());
    appendAll(log, 3);

    List<LogRecord> again = drain(reader(log, StartAt.beginning()));

    assertThat(again.subList(0, 10)).isEqualTo(first);
  }

  @Test
  @Proves("LOG-7")
  void replayFromTheStartFromAPositionAndFromATimeGivesTheSuffix() throws Exception {
    EventLog log = log();
    appendAll(log, 3);
    pass(Duration.ofMillis(20));
    Instant moment = time().wallTime();
    pass(Duration.ofMillis(20));
    Position fourth = append(log, "r4");
    append(log, "r5");

    assertThat(replay(log, StartAt.beginning())).containsExactly("r1", "r2", "r3", "r4", "r5");
    assertThat(replay(log, new StartAt.Since(moment))).containsExactly("r4", "r5");
    assertThat(replay(log, new StartAt.After(fourth))).containsExactly("r5");
    assertThat(replay(log, StartAt.end())).isEmpty();
  }

  @Test
  @Proves("LOG-8")
  void whateverIsAppendedAtOnceByManyIsReadByAReaderThatIsThere() throws Exception {
    EventLog log = log();
    List<Background<Boolean>> writers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String name = "w" + i + "-";
      writers.add(Background.start(name, () -> write(log, name)));
    }
    List<LogRecord> read = new ArrayList<>();
    LogReader reader = reader(log, StartAt.beginning());

    eventually(
        "every record",
        () -> {
          ReadResult result = reader.read(EventLog.BATCH_MAX, atOnce());
          read.addAll(((ReadResult.Records) result).records());
          return read.size() >= 200;
        });

    for (Background<Boolean> writer : writers) {
      assertThat(writer.result()).isTrue();
    }
    assertThat(new TreeSet<>(texts(read))).hasSize(200);
    assertIncreasing(read);
  }

  private boolean write(EventLog log, String name) throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      append(log, name + i);
    }
    return true;
  }

  @Test
  @Proves("LOG-9")
  void aRefusedAppendStopsNoReader() throws Exception {
    EventLog log = log(LogOptions.partitions(1).withPayloadMaxBytes(100));
    append(log, "before");
    AppendResult refused = log.tryAppend(message("x".repeat(2_000_000)), soon());
    append(log, "after");

    assertThat(refused).isInstanceOf(AppendResult.Refused.class);
    assertThat(replay(log, StartAt.beginning())).containsExactly("before", "after");
  }

  @Test
  @Proves("LOG-11")
  void aReaderBehindWhatRetentionHasRemovedIsToldSo() throws Exception {
    EventLog log = log(LogOptions.partitions(1).withRetention(term().multipliedBy(4), 1 << 20));
    appendAll(log, 3);
    LogReader behind = reader(log, StartAt.beginning());
    ReadResult first = next(behind, 1);
    assertThat(first).isInstanceOf(ReadResult.Records.class);
    Position read = ((ReadResult.Records) first).records().get(0).position();
    List<ReadResult.PositionLost> lost = new ArrayList<>();
    expireRecords();

    Position kept = append(log, "kept");
    eventually("the loss", () -> isLost(behind, lost));

    assertThat(lost.get(0).last()).contains(read);
    assertThat(lost.get(0).earliest()).contains(kept);
    assertThat(behind.read(1, atOnce())).isEqualTo(lost.get(0));
    assertThat(replay(log, StartAt.beginning())).containsExactly("kept");
    assertThat(reader(log, new StartAt.After(read)).read(1, atOnce())).isEqualTo(lost.get(0));
  }

  final boolean isLost(LogReader reader, List<ReadResult.PositionLost> lost)
      throws InterruptedException {
    ReadResult result = reader.read(1, atOnce());
    assertThat(result).as("what is left").isInstanceOf(ReadResult.PositionLost.class);
    return result instanceof ReadResult.PositionLost found && lost.add(found);
  }

  /** Lets so much time pass that retention removes what is there. */
  final void expireRecords() throws InterruptedException {
    pass(term().multipliedBy(5));
  }

  @Test
  @Proves("LOG-13")
  void messagesOfOneKeyShareOnePartition() throws Exception {
    EventLog log = log(LogOptions.partitions(4));
    Map<String, Set<String>> partitionsOf = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      String key = "key-" + i % 20;
      partitionsOf
          .computeIfAbsent(key, each -> new TreeSet<>())
          .add(append(log, key, "r" + i).partition());
    }

    assertThat(partitionsOf.values()).allMatch(each -> each.size() == 1);
    Set<String> used = new TreeSet<>();
    partitionsOf.values().forEach(used::addAll);
    assertThat(used).as("partitions used by 20 keys").hasSizeGreaterThan(1);
  }

  @Test
  @Proves("LOG-14")
  void aReaderWhoseCursorHasExpiredGoesOnBehindTheLastRecord() throws Exception {
    EventLog log = log();
    appendAll(log, 6);
    LogReader reader = reader(log, StartAt.beginning());
    List<String> read = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ReadResult result = next(reader, 2);
      read.addAll(texts(((ReadResult.Records) result).records()));
      expireReaders(log);
      pass(term().multipliedBy(2));
    }
    append(log, "r7");
    expireReaders(log);
    read.addAll(texts(drain(reader)));

    assertThat(read).containsExactly("r1", "r2", "r3", "r4", "r5", "r6", "r7");
  }

  @Test
  @Proves(value = "LOG-15", guarantee = "snapshot")
  void aSnapshotAndTheReplayBehindItAreTheWhole() throws Exception {
    EventLog log = log();
    appendAll(log, 8);
    List<Position> ends = log.ends(soon());
    append(log, "r9");
    append(log, "r10");
    assertThat(ends).hasSize(1);

    List<LogRecord> all = drain(reader(log, StartAt.beginning()));
    List<LogRecord> state = new ArrayList<>(all);
    state.removeIf(each -> each.position().isAfter(ends.get(0)));
    assertThat(state).hasSize(8);
    state.addAll(drain(reader(log, new StartAt.After(ends.get(0)))));

    assertThat(state).isEqualTo(all);
  }
}
