package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CrashAt;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each write and each force fails once, at each place, in each way; and many threads at once. */
class FaultTest {

  private static final Map<String, Reason> COMPLAINTS =
      Map.of(
          "Input/output error", Reason.FAILED,
          "No space left on device", Reason.FULL,
          "Disk quota exceeded", Reason.FULL,
          "Read-only file system", Reason.READ_ONLY);

  private static final int APPENDS = 20;

  @Test
  void whereverTheDiskFailsNothingAcknowledgedIsLostAndServiceResumes() throws Exception {
    for (Map.Entry<String, Reason> complaint : COMPLAINTS.entrySet()) {
      for (boolean shortWrites : new boolean[] {false, true}) {
        int call = 0;
        while (failsAt(call, complaint, shortWrites)) {
          call++;
        }
        // 20 batches and 3 segments, each with its own writes and forces.
        assertThat(call).isGreaterThan(2 * APPENDS);
      }
    }
  }

  /** Returns whether there were as many calls at all. */
  private static boolean failsAt(int call, Map.Entry<String, Reason> complaint, boolean shortWrites)
      throws InterruptedException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.complaint = complaint.getKey();
    disk.shortWrites = shortWrites;
    disk.callsUntilFailure = call;
    List<String> acknowledged = new ArrayList<>();
    int failures = 0;
    try (Journal journal = Journals.open(disk)) {
      for (int i = 0; i < APPENDS; i++) {
        String text = i + "x".repeat(8000);
        try {
          put(journal, text);
          acknowledged.add(text);
        } catch (DiskException e) {
          assertThat(e.reason()).as("call %d", call).isEqualTo(complaint.getValue());
          failures++;
          disk.callsUntilFailure = -1;
        }
      }
      // The next acknowledged append overrules for good what a failed one may have left.
      disk.callsUntilFailure = -1;
      put(journal, "last");
      acknowledged.add("last");
      assertThat(read(journal, 0)).as("call %d", call).isEqualTo(acknowledged);
    }
    assertThat(failures).isLessThanOrEqualTo(1);
    try (Journal journal = Journals.open(disk)) {
      assertThat(read(journal, 0)).as("call %d", call).isEqualTo(acknowledged);
    }
    return failures == 1;
  }

  @Test
  void whatGatheredBehindAFailedBatchFailsWithoutEffect() throws Exception {
    SimulatedDisk simulated = new SimulatedDisk();
    SlowDisk disk = new SlowDisk(simulated);
    try (Journal journal = Journals.open(disk)) {
      disk.holdUp(SlowDisk.Request.WRITE);
      Ticket first = journal.append(Journals.record("a"), soon());
      Background<Effect> leader = Background.start("leader", () -> effectOf(first));
      disk.awaitHeldUp();
      Ticket second = journal.append(Journals.record("b"), soon());
      Background<Effect> follower = Background.start("follower", () -> effectOf(second));
      simulated.callsUntilFailure = 0;
      disk.release();
      Eventually.holds("the leader's end", Duration.ofSeconds(20), leader::isDone);
      Eventually.holds("the follower's end", Duration.ofSeconds(20), follower::isDone);
      assertThat(leader.result()).isEqualTo(Effect.UNKNOWN);
      assertThat(follower.result()).isEqualTo(Effect.NONE);
      simulated.callsUntilFailure = -1;
      assertThat(put(journal, "c")).isZero();
    }
  }

  private static Effect effectOf(Ticket ticket) throws InterruptedException {
    try {
      ticket.await(soon());
      throw new AssertionError("acknowledged");
    } catch (DiskException e) {
      return e.effect();
    }
  }

  @Test
  void aCrashAtEachStepLosesNothingThatWasAcknowledged() throws Exception {
    for (String step :
        List.of("journal.segment.begun", "journal.batch.written", "journal.segment.sealed")) {
      for (int time = 1; time <= 3; time++) {
        crashAt(step, time);
      }
    }
  }

  private static void crashAt(String step, int time) throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    List<String> acknowledged = new ArrayList<>();
    CrashAt crash = CrashAt.named(step, time);
    Journal journal = Journal.open(List.of(disk), Journals.options(), TimeSource.system(), crash);
    try {
      while (true) {
        String text = acknowledged.size() + "x".repeat(8000);
        put(journal, text);
        acknowledged.add(text);
      }
    } catch (SimulatedCrash asWished) {
      disk.owned = false;
    }
    try (Journal again = Journals.open(disk)) {
      List<String> found = read(again, 0);
      assertThat(found.size() - acknowledged.size()).isBetween(0, 1);
      assertThat(found.subList(0, acknowledged.size())).isEqualTo(acknowledged);
    }
  }

  @Test
  void manyProducersReadersAndOneWhoForgetsAgreeOnEveryRecord(@TempDir Path folder)
      throws Exception {
    long producers = 12;
    int each = 400;
    DiskOptions options = DiskOptions.folder(folder).withSegmentBytes(Journals.SEGMENT_BYTES);
    try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
      AtomicInteger left = new AtomicInteger((int) producers);
      List<Background<List<Long>>> numbers = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        String name = "p" + p + "-";
        numbers.add(Background.start(name, () -> produce(journal, name, each, left)));
      }
      Background<Long> tail = Background.start("tail", () -> follow(journal, producers * each));
      while (left.get() > 0) {
        journal.forgetBefore(Math.max(0, journal.end() - 500));
        read(journal, journal.first());
      }
      Eventually.holds("the tail's end", Duration.ofSeconds(30), tail::isDone);
      assertThat(tail.result()).isEqualTo(producers * each);
      List<Long> all = new ArrayList<>();
      for (Background<List<Long>> of : numbers) {
        Eventually.holds("a producer's end", Duration.ofSeconds(30), of::isDone);
        assertThat(of.result()).isSorted();
        all.addAll(of.result());
      }
      assertThat(all).doesNotHaveDuplicates().hasSize((int) producers * each);
      assertThat(journal.end()).isEqualTo(producers * each);
    }
  }

  private static List<Long> produce(Journal journal, String name, int count, AtomicInteger left)
      throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(put(journal, name + i + "x".repeat(i)));
    }
    left.decrementAndGet();
    return numbers;
  }

  /** Reads at the tail, and counts what it sees or is told to have been forgotten. */
  private static long follow(Journal journal, long until) throws InterruptedException {
    try (JournalReader reader = journal.reader(0)) {
      while (reader.position() < until) {
        long before = reader.position();
        int count =
            reader.read(
                (number, array, offset, length) ->
                    assertThat(number).isGreaterThanOrEqualTo(before));
        if (count == 0) {
          assertThat(journal.awaitEnd(reader.position(), soon())).isTrue();
        }
      }
      return reader.position();
    }
  }
}
