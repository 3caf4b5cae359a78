package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.record;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.journal.SlowDisk.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every wait ends at its deadline, and nobody waits for I/O that is not his. */
class WaitingTest {

  private final SimulatedDisk simulated = new SimulatedDisk();
  private final SlowDisk disk = new SlowDisk(simulated);
  private final TimeSource time = TimeSource.system();

  @TempDir Path folder;

  private static Deadline shortly() {
    return Deadline.after(Duration.ofMillis(20), TimeSource.system());
  }

  @Test
  void theExampleReadsWhatItAppended() throws Exception {
    List<Long> seen = new ArrayList<>();
    Deadline deadline = soon();
    // [doc:Journal]
    try (Journal journal = Journal.open(DiskOptions.folder(folder), time, Observer.none())) {
      Ticket ticket = journal.append(Payload.of(Bytes.utf8("paid: 42")), deadline);
      if (ticket.await(deadline)) { // if not, nothing is decided yet: ask again
        try (JournalReader reader = journal.reader(ticket.first())) {
          reader.read((number, array, offset, length) -> seen.add(number));
        }
      }
    }
    // [/doc]
    assertThat(seen).containsExactly(0L);
  }

  private static <T> T resultOf(Background<T> background) throws Exception {
    Eventually.holds("the end of the task", Duration.ofSeconds(20), background::isDone);
    return background.result();
  }

  /** Starts an append whose writing is held up. */
  private Background<Boolean> heldUp(Journal journal, String text) throws Exception {
    disk.holdUp(Request.WRITE);
    Ticket ticket = journal.append(record(text), soon());
    Background<Boolean> leader = Background.start("leader", () -> ticket.await(soon()));
    disk.awaitHeldUp();
    return leader;
  }

  @Test
  void aTicketThatIsLateIsStillOpen() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      Background<Boolean> leader = heldUp(journal, "a");
      Ticket second = journal.append(record("b"), soon());
      assertThat(second.await(shortly())).isFalse();
      disk.release();
      assertThat(resultOf(leader)).isTrue();
      assertThat(second.await(soon())).isTrue();
      assertThat(second.await(shortly())).isTrue();
    }
  }

  @Test
  void anAppendWithoutRoomInTimeIsRefusedWithoutEffect() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      Background<Boolean> leader = heldUp(journal, "a");
      Payload large = record("x".repeat(16_000));
      journal.append(large, shortly());
      BackendException refused =
          catchThrowableOfType(BackendException.class, () -> journal.append(large, shortly()));
      assertThat(refused.effect()).isEqualTo(Effect.NONE);
      assertThat(refused.advice()).isEqualTo(new Advice.Overloaded(Duration.ZERO));
      disk.release();
      assertThat(resultOf(leader)).isTrue();
    }
    assertThat(readAgain()).hasSize(2);
  }

  @Test
  void theEndIsAwaitedUntilTheDeadline() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      assertThat(journal.awaitEnd(0, shortly())).isFalse();
      Background<Boolean> waiting = Background.start("waiting", () -> journal.awaitEnd(1, soon()));
      put(journal, "a");
      assertThat(journal.awaitEnd(0, shortly())).isTrue();
      assertThat(journal.awaitEnd(1, shortly())).isFalse();
      put(journal, "b");
      assertThat(resultOf(waiting)).isTrue();
    }
  }

  @Test
  void whoAwaitsTheEndWritesWhatNobodyElseWaitsFor() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      journal.append(record("a"), soon());
      assertThat(journal.awaitEnd(0, shortly())).isTrue();
    }
  }

  @Test
  void closingEndsTheWaitForTheEnd() throws Exception {
    Journal journal = Journals.open(disk);
    Background<Boolean> waiting = Background.start("waiting", () -> journal.awaitEnd(0, soon()));
    journal.close();
    assertThatThrownBy(() -> resultOf(waiting)).hasMessage("journal: closed (expected: open)");
    assertThatThrownBy(() -> journal.append(record("a"), soon()))
        .hasMessage("journal: closed (expected: open)");
  }

  @Test
  void whatNobodyWaitsForIsWrittenSoon() throws Exception {
    DiskOptions options = DiskOptions.folder(folder).withSegmentBytes(Journals.SEGMENT_BYTES);
    try (Journal journal = Journal.open(options, time, Observer.none())) {
      journal.append(record("a"), soon());
      Eventually.holds("the end grows", Duration.ofSeconds(10), () -> journal.end() == 1);
    }
  }

  @Test
  void closingEndsInTimeThoughTheDiskDoesNotAnswerAndIsFinishedWhenItDoes() throws Exception {
    Journal journal = Journals.open(disk);
    Background<Boolean> leader = heldUp(journal, "a");
    Ticket second = journal.append(record("b"), soon());
    assertThat(journal.close(shortly())).isFalse();
    assertThatThrownBy(() -> Journals.open(simulated)).isInstanceOf(DiskException.class);
    disk.release();
    assertThat(resultOf(leader)).isTrue();
    assertThat(second.await(soon())).isTrue();
    assertThat(journal.close(soon())).isTrue();
    assertThat(readAgain()).containsExactly("a", "b");
  }

  private List<String> readAgain() {
    try (Journal again = Journals.open(simulated)) {
      return read(again, 0);
    }
  }

  @Test
  void forgettingHoldsUpNeitherAppendsNorReadersNorWhoForgetsMore() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      for (int i = 0; i < 40; i++) {
        put(journal, i + "x".repeat(8000));
      }
      disk.holdUp(Request.DELETE);
      Background<Long> forgetting = Background.start("forgetting", () -> journal.forgetBefore(10));
      disk.awaitHeldUp();
      put(journal, "meanwhile");
      assertThat(read(journal, 0).get(0)).startsWith(journal.first() + "x");
      assertThat(journal.forgetBefore(30)).isBetween(20L, 30L);
      assertThat(simulated.segments()).hasSize(5);
      disk.release();
      assertThat(resultOf(forgetting)).isBetween(20L, 30L);
      assertThat(simulated.segments()).hasSize(2);
    }
    assertThat(readAgain()).endsWith("meanwhile");
  }

  @Test
  void whatCouldNotBeDeletedIsTriedAgainBeforeWhatIsYounger() throws Exception {
    try (Journal journal = Journals.open(simulated)) {
      for (int i = 0; i < 40; i++) {
        put(journal, i + "x".repeat(8000));
      }
      simulated.callsUntilFailure = 0;
      assertThatThrownBy(() -> journal.forgetBefore(10)).isInstanceOf(DiskException.class);
      simulated.callsUntilFailure = -1;
      journal.forgetBefore(30);
      assertThat(simulated.segments()).hasSize(2);
    }
    assertThat(readAgain()).hasSizeLessThan(20);
  }
}
