package dev.ashlar.messaging.testkit.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.log.EventLog;
import dev.ashlar.messaging.log.LogConsumer;
import dev.ashlar.messaging.log.LogGuarantees.Promise;
import dev.ashlar.messaging.log.LogOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** What consumers of one group do together, and whether the log is better than it says. */
abstract class RuntimeProperties extends HandOverProperties {

  /** The entry of a report that names what is denied and holds. */
  static final String WARNING_ENTRY = "ashlar.warning";

  @Test
  @Proves("LOG-4")
  void consumersThatComeAndGoHandleEverything() throws Exception {
    EventLog log = log(LogOptions.partitions(4));
    Queue<String> handled = new ConcurrentLinkedQueue<>();
    AtomicInteger number = new AtomicInteger();
    LogConsumer first = consumer(log, handled);
    eventually("all for one", () -> first.owned().size() == 4);
    appendSome(log, number);
    LogConsumer second = consumer(log, handled);
    eventually("an even spread", () -> first.owned().size() == 2 && second.owned().size() == 2);
    appendSome(log, number);
    assertThat(stop(first, term())).isTrue();
    eventually("all for the other", () -> second.owned().size() == 4);
    appendSome(log, number);
    eventually("the whole", () -> lag(log, "group") == 0);

    for (int i = 0; i < number.get(); i++) {
      assertThat(handled).contains("r" + i);
    }
    assertThat(second.owned().values()).anyMatch(epoch -> epoch > 1);
  }

  private LogConsumer consumer(EventLog log, Queue<String> handled) throws Exception {
    return consume(
        log,
        "group",
        (message, context) -> {
          handled.add(message.payload().toUtf8());
          return Outcome.done();
        },
        consumerOptions());
  }

  private void appendSome(EventLog log, AtomicInteger number) throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      append(log, "key-" + i, "r" + number.getAndIncrement());
    }
  }

  /** A promise that is denied though it holds is no failure, and worth to be known. */
  @Test
  final void deniedPromisesThatHoldAreReported(TestReporter reporter) throws Exception {
    Map<Promise, Probe> probes = new LinkedHashMap<>();
    probes.put(
        Promise.TX_HORIZON, this::anUnrelatedTransactionDelaysAndLosesNothingAndTheDelayShows);
    probes.put(Promise.SNAPSHOT, this::aSnapshotAndTheReplayBehindItAreTheWhole);
    probes.put(Promise.TRANSACTIONS, this::aTransactionIsSeenWhollyOrNotAtAll);
    probes.put(Promise.RESHARDING, this::aChildIsOwnedOnlyOnceItsParentIsFinished);
    for (Map.Entry<Promise, Probe> each : probes.entrySet()) {
      if (!log().guarantees().has(each.getKey()) && holds(each.getValue())) {
        reporter.publishEntry(
            WARNING_ENTRY, "denied, and holds all the same: " + each.getKey().label());
      }
    }
  }

  private static boolean holds(Probe probe) {
    try {
      probe.run();
      return true;
    } catch (Exception | AssertionError e) {
      // What is denied may fail in any way that it likes.
      return false;
    }
  }

  private interface Probe {
    void run() throws Exception;
  }
}
