package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.GroupMember;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.Partition;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** That the order of each key holds across a split and a merge. */
abstract class ReshardingProperties extends TransactionProperties {

  @Test
  @Proves(value = "LOG-18", guarantee = "resharding")
  void aChildIsOwnedOnlyOnceItsParentIsFinished() throws Exception {
    EventLog log = log();
    String parent = only(log);
    append(log, "key", "one");
    split(log, parent);
    append(log, "key", "two");
    GroupMember member = join(log, "group");
    OwnedPartition owned = own(member, 1).values().iterator().next();
    assertThat(owned.partition()).isEqualTo(parent);
    List<LogRecord> read = readNow(owned, 1);
    assertThat(member.attend(Set.of(), atOnce())).hasSize(1);

    ReadResult end = owned.read(1, atOnce());
    assertThat(end).isInstanceOf(ReadResult.Ended.class);
    assertThat(member.attend(Set.of(), atOnce())).hasSize(1);
    owned.commit(read.get(0).position(), soon());
    owned.finish(soon());

    Map<String, OwnedPartition> children = own(member, 2);
    assertThat(children.keySet()).isEqualTo(((ReadResult.Ended) end).children());
    List<String> rest = new ArrayList<>();
    for (OwnedPartition child : children.values()) {
      rest.addAll(texts(((ReadResult.Records) child.read(10, atOnce())).records()));
    }
    assertThat(rest).containsExactly("two");
  }

  @Test
  @Proves(value = "LOG-18", guarantee = "resharding")
  void aReaderOfAClosedPartitionReadsItToItsEnd() throws Exception {
    EventLog log = log();
    String parent = only(log);
    appendAll(log, 3);
    split(log, parent);

    try (LogReader reader = log.reader(parent, StartAt.beginning(), soon())) {
      assertThat(texts(drain(reader))).containsExactly("r1", "r2", "r3");
      assertThat(reader.read(1, atOnce())).isInstanceOf(ReadResult.Ended.class);
    }
    assertThat(log.partitions(soon()).stream().filter(Partition::open)).hasSize(2);
  }

  @Test
  @Proves(value = "LOG-18", guarantee = "resharding")
  void aConsumerHandlesEachKeyInOrderAcrossASplitAndAMerge() throws Exception {
    EventLog log = log(LogOptions.partitions(2));
    Map<String, List<String>> handled = Collections.synchronizedMap(new TreeMap<>());
    appendToKeys(log, 0);
    split(log, log.partitions(soon()).get(0).id());
    appendToKeys(log, 1);
    merge(log);
    appendToKeys(log, 2);

    consume(
        log,
        "group",
        (message, context) -> {
          handled
              .computeIfAbsent(
                  message.key().orElse(""), key -> Collections.synchronizedList(new ArrayList<>()))
              .add(message.payload().toUtf8());
          return Outcome.done();
        },
        consumerOptions());
    eventually("every record", () -> lag(log, "group") == 0);

    assertThat(handled).hasSize(8);
    assertThat(handled.values()).allMatch(each -> each.equals(List.of("0", "1", "2")));
  }

  private void appendToKeys(EventLog log, int round) throws InterruptedException {
    for (int i = 0; i < 8; i++) {
      append(log, "key-" + i, Integer.toString(round));
    }
  }
}
