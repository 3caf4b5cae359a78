package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogOptions;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.OwnedPartition;
import dev.ashlar.messaging.log.ReadResult;
import dev.ashlar.messaging.log.StartAt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That overlapping transactions lose nothing, show nothing early, and stop nobody for ever. */
abstract class TransactionProperties extends ForgettingProperties {

  @Test
  @Proves(value = "LOG-8", guarantee = "transactions")
  void aLowerNumberThatIsCommittedLaterIsStillRead() throws Exception {
    EventLog log = log();
    LogReader reader = reader(log, StartAt.beginning());
    OpenAppends a = begin(log);
    OpenAppends b = begin(log);
    a.append(message("a"));
    b.append(message("b"));
    b.commit();
    List<String> read = new ArrayList<>(readOn(reader));
    OwnedPartition owned = ownOne(join(log, "group"));
    List<String> handled = new ArrayList<>(readAndCommit(owned));
    a.commit();

    eventually(
        "both, to the reader",
        () -> {
          read.addAll(readOn(reader));
          return read.size() >= 2;
        });
    eventually(
        "both, to the group",
        () -> {
          handled.addAll(readAndCommit(owned));
          return handled.size() >= 2;
        });

    assertThat(read).containsExactlyInAnyOrder("a", "b");
    assertThat(handled).containsExactlyInAnyOrder("a", "b");
    assertIncreasing(drain(reader(log, StartAt.beginning())));
  }

  private List<String> readOn(LogReader reader) throws InterruptedException {
    return texts(((ReadResult.Records) reader.read(10, atOnce())).records());
  }

  private List<String> readAndCommit(OwnedPartition owned) throws InterruptedException {
    ReadResult.Records read = (ReadResult.Records) owned.read(10, atOnce());
    if (!read.records().isEmpty()) {
      owned.commit(read.records().get(read.records().size() - 1).position(), soon());
    }
    return texts(read.records());
  }

  @Test
  @Proves(value = "LOG-9", guarantee = "transactions")
  void aRollbackLeavesAGapThatReadersPass() throws Exception {
    EventLog log = log();
    append(log, "before");
    OpenAppends gone = begin(log);
    gone.append(message("gone"));
    append(log, "after");
    gone.rollback();

    assertThat(replay(log, StartAt.beginning())).containsExactly("before", "after");
  }

  @Test
  @Proves(value = "LOG-9", guarantee = "transactions")
  void aTransactionThatNobodyEndsStopsReadersForABoundedTime() throws Exception {
    EventLog log = log(LogOptions.partitions(1).withTransactionMax(term()));
    OpenAppends forgotten = begin(log);
    forgotten.append(message("forgotten"));
    append(log, "after");
    LogReader reader = reader(log, StartAt.beginning());
    List<String> read = new ArrayList<>();

    eventually("what is behind", () -> read.addAll(readOn(reader)));

    assertThat(read).containsExactly("after");
  }

  @Test
  @Proves(value = "LOG-10", guarantee = "tx-horizon")
  void anUnrelatedTransactionDelaysAndLosesNothingAndTheDelayShows() throws Exception {
    EventLog log = log();
    join(log, "group");
    assertThat(log.lag("group", soon()).get(0).heldBack()).isZero();
    OpenAppends open = begin(log);
    open.append(message("unrelated").withKey("another"));
    append(log, "mine", "one");
    append(log, "mine", "two");
    pass(term());

    Duration heldBack = log.lag("group", soon()).get(0).heldBack();
    assertThat(heldBack).isGreaterThanOrEqualTo(term());
    assertThat(lag(log, "group")).isGreaterThanOrEqualTo(2);
    open.rollback();

    assertThat(replay(log, StartAt.beginning())).containsExactly("one", "two");
    assertThat(log.lag("group", soon()).get(0).heldBack()).isZero();
  }

  @Test
  @Proves(value = "LOG-16", guarantee = "transactions")
  void aTransactionIsSeenWhollyOrNotAtAll() throws Exception {
    EventLog log = log(LogOptions.partitions(2));
    OpenAppends committed = begin(log);
    OpenAppends aborted = begin(log);
    for (int i = 0; i < 10; i++) {
      committed.append(message("c" + i).withKey("key-" + i));
      aborted.append(message("a" + i).withKey("key-" + i));
    }
    assertThat(everything(log)).isEmpty();
    aborted.rollback();
    assertThat(everything(log)).isEmpty();
    committed.commit();

    assertThat(everything(log))
        .containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9");
  }

  private List<String> everything(EventLog log) throws InterruptedException {
    List<String> all = new ArrayList<>();
    for (var partition : log.partitions(soon())) {
      try (LogReader reader = log.reader(partition.id(), StartAt.beginning(), soon())) {
        all.addAll(texts(drain(reader)));
      }
    }
    return all;
  }
}
