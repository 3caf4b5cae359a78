package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.record;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  private final SimulatedDisk disk = new SimulatedDisk();

  @TempDir Path folder;

  private Journal openFolder() {
    return Journal.open(
        DiskOptions.folder(folder).withSegmentBytes(Journals.SEGMENT_BYTES),
        TimeSource.system(),
        Observer.none());
  }

  @Test
  void whatWasAcknowledgedIsThereAfterReopening() throws Exception {
    try (Journal journal = openFolder()) {
      assertThat(put(journal, "a")).isZero();
      assertThat(put(journal, "b")).isEqualTo(1);
      assertThat(read(journal, 0)).containsExactly("a", "b");
    }
    try (Journal journal = openFolder()) {
      assertThat(journal.end()).isEqualTo(2);
      assertThat(put(journal, "c")).isEqualTo(2);
      assertThat(read(journal, 1)).containsExactly("b", "c");
    }
  }

  @Test
  void recordsOfManySegmentsAreReadFromAnyNumberOn() throws Exception {
    List<String> all = new ArrayList<>();
    try (Journal journal = openFolder()) {
      for (int i = 0; i < 300; i++) {
        all.add(i + "x".repeat(i * 7));
        put(journal, all.get(i));
      }
    }
    try (Journal journal = openFolder()) {
      for (int from = 0; from <= 300; from += 13) {
        assertThat(read(journal, from)).isEqualTo(all.subList(from, 300));
      }
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".log")).count()).isGreaterThan(3);
    }
  }

  @Test
  void forgettingFreesWholeSegmentsAndKeepsTheRest() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      for (int i = 0; i < 100; i++) {
        put(journal, "r" + i + "x".repeat(3000));
      }
      int before = disk.segments().size();
      long first = journal.forgetBefore(60);
      assertThat(first).isGreaterThan(0).isLessThanOrEqualTo(60);
      assertThat(disk.segments()).hasSizeLessThan(before);
      assertThat(read(journal, 0)).hasSize(100 - (int) first);
    }
    try (Journal journal = Journals.open(disk)) {
      assertThat(journal.end()).isEqualTo(100);
      assertThat(journal.first()).isGreaterThan(0);
    }
  }

  @Test
  void aSecondOwnerIsRefused() {
    try (Journal journal = openFolder()) {
      assertThat(journal.end()).isZero();
      DiskException refused = catchThrowableOfType(DiskException.class, this::openFolder);
      assertThat(refused.reason()).isEqualTo(Reason.IN_USE);
    }
    openFolder().close();
  }

  @Test
  void anInterruptOfTheLeaderHarmsNobody() throws Exception {
    try (Journal journal = openFolder()) {
      for (int i = 0; i < 200; i++) {
        Ticket ticket = journal.append(record("i" + i + "x".repeat(900)), soon());
        interruptedWhileAwaiting(ticket);
        assertThat(ticket.await(soon())).isTrue();
      }
      assertThat(read(journal, 0)).hasSize(200);
    }
  }

  private static void interruptedWhileAwaiting(Ticket ticket) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              try {
                ticket.await(soon());
              } catch (InterruptedException expected) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                failure.set(e);
              }
            });
    thread.start();
    started.await();
    thread.interrupt();
    thread.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void theRecordsOfOneAppendAreNumberedInARow() throws Exception {
    try (Journal journal = Journals.open(disk)) {
      Ticket ticket = journal.append(List.of(record("a"), record(""), record("c")), soon());
      assertThat(ticket.await(soon())).isTrue();
      assertThat(ticket.first()).isZero();
      assertThat(read(journal, 0)).containsExactly("a", "", "c");
    }
  }

  @Test
  void whatIsTooLargeIsRefusedWithItsBound() {
    try (Journal journal = Journals.open(disk)) {
      String large = "x".repeat(Journals.options().recordMaxBytes() + 1);
      assertThatThrownBy(() -> journal.append(record(large), soon()))
          .hasMessage("record: 16385 bytes (expected: at most 16384)");
    }
  }

  @Test
  void aFullDiskRefusesAndServiceResumesWithSpace() throws Exception {
    disk.capacity = 2 * Journals.SEGMENT_BYTES + 1000;
    try (Journal journal = Journals.open(disk)) {
      List<String> kept = new ArrayList<>();
      DiskException full = fillUp(journal, kept);
      assertThat(full.reason()).isEqualTo(Reason.FULL);
      assertThat(full.effect()).isEqualTo(Effect.NONE);
      assertThat(fillUp(journal, kept).reason()).isEqualTo(Reason.FULL);
      disk.capacity = Long.MAX_VALUE;
      put(journal, "again");
      kept.add("again");
      assertThat(read(journal, 0)).isEqualTo(kept);
    }
  }

  private static DiskException fillUp(Journal journal, List<String> kept)
      throws InterruptedException {
    while (true) {
      String text = kept.size() + "x".repeat(5000);
      try {
        put(journal, text);
        kept.add(text);
      } catch (DiskException e) {
        return e;
      }
    }
  }

  @Test
  void aVanishedFileIsToldAndNotWrittenInto() throws Exception {
    try (Journal journal = openFolder()) {
      put(journal, "a");
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
          Files.delete(file);
        }
      }
      // It is looked for every few milliseconds only: what was in the file before is as lost.
      DiskException gone =
          Eventually.value("the failure", Duration.ofSeconds(10), () -> failureOfPut(journal));
      assertThat(gone.reason()).isEqualTo(Reason.VANISHED);
      assertThat(gone.effect()).isEqualTo(Effect.UNKNOWN);
    }
  }

  private static Optional<DiskException> failureOfPut(Journal journal) throws InterruptedException {
    try {
      put(journal, "b");
      return Optional.empty();
    } catch (DiskException e) {
      return Optional.of(e);
    }
  }
}
