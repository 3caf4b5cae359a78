package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ashlar.core.Effect;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two folders that hold the same, and what one of them may come back as. */
class MirrorTest {

  private final SimulatedDisk one = new SimulatedDisk();
  private final List<String> written = new ArrayList<>();

  private void fill(Journal journal, int records) throws InterruptedException {
    for (int i = 0; i < records; i++) {
      written.add(written.size() + "x".repeat(8000));
      put(journal, written.get(written.size() - 1));
    }
  }

  /** Each disk alone must hold everything that is left. */
  private void assertBothAreWhole(SimulatedDisk first, SimulatedDisk second) {
    assertThat(first.segments()).isEqualTo(second.segments());
    for (SimulatedDisk disk : List.of(first, second)) {
      try (Journal journal = Journals.open(disk.copy())) {
        assertThat(read(journal, 0))
            .isEqualTo(written.subList((int) journal.first(), written.size()));
      }
    }
  }

  @Test
  void aDiskThatComesBackEmptyIsFilled() throws Exception {
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      fill(journal, 30);
    }
    SimulatedDisk empty = new SimulatedDisk();
    try (Journal journal = Journals.open(empty, one)) {
      fill(journal, 3);
    }
    assertBothAreWhole(empty, one);
    SimulatedDisk emptyAgain = new SimulatedDisk();
    Journals.open(one, emptyAgain).close();
    assertBothAreWhole(one, emptyAgain);
  }

  @Test
  void aDiskThatComesBackAsItWasCatchesUp() throws Exception {
    for (int missed = 0; missed <= 30; missed += 3) {
      SimulatedDisk first = new SimulatedDisk();
      SimulatedDisk second = new SimulatedDisk();
      written.clear();
      Journal journal = Journals.open(first, second);
      fill(journal, 12);
      SimulatedDisk stale = second.copy();
      fill(journal, missed);
      journal.close();
      Journals.open(stale, first).close();
      assertBothAreWhole(stale, first);
    }
  }

  @Test
  void aDiskThatComesBackWithWhatWasForgottenIsEmptiedFirst() throws Exception {
    SimulatedDisk two = new SimulatedDisk();
    Journal journal = Journals.open(one, two);
    fill(journal, 20);
    SimulatedDisk stale = two.copy();
    fill(journal, 40);
    journal.forgetBefore(45);
    journal.close();
    try (Journal again = Journals.open(stale, one)) {
      assertThat(again.first()).isBetween(33L, 45L);
      fill(again, 2);
    }
    assertBothAreWhole(stale, one);
  }

  @Test
  void aSegmentThatSomebodyTookFromBothIsTold() throws Exception {
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      fill(journal, 40);
    }
    String middle = one.segments().get(2);
    one.delete(middle);
    two.delete(middle);
    DiskException gone = catchThrowableOfType(DiskException.class, () -> Journals.open(one, two));
    assertThat(gone.reason()).isEqualTo(Reason.VANISHED);
    assertThat(one.segments()).hasSize(4);
    assertThat(two.segments()).hasSize(4);
  }

  @Test
  void appendsStopWhileADiskIsLostAndGoOnWhenItIsBack() throws Exception {
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      fill(journal, 10);
      two.callsUntilFailure = 0;
      for (int i = 0; i < 3; i++) {
        DiskException lost =
            catchThrowableOfType(DiskException.class, () -> put(journal, "refused"));
        assertThat(lost.reason()).isEqualTo(Reason.FAILED);
        assertThat(lost.effect()).isEqualTo(i == 0 ? Effect.UNKNOWN : Effect.NONE);
      }
      assertThat(read(journal, 0)).isEqualTo(written);
      two.callsUntilFailure = -1;
      fill(journal, 10);
      assertThat(read(journal, 0)).isEqualTo(written);
    }
    assertBothAreWhole(one, two);
  }

  @Test
  void damageInEitherCopyIsHealedWhileTheJournalIsOpen() throws Exception {
    SimulatedDisk two = new SimulatedDisk();
    try (Journal journal = Journals.open(one, two)) {
      fill(journal, 20);
      Seeds.check(
          200,
          (seed, random) -> {
            SimulatedDisk bad = random.nextBoolean() ? one : two;
            SimulatedDisk good = bad == one ? two : one;
            String name = bad.segments().get(random.nextInt(2));
            byte[] bytes = bad.content(name);
            int at = random.nextInt(SegmentFormat.HEADER_BYTES, 60_000);
            bytes[at] ^= (byte) (1 + random.nextInt(255));
            try (JournalReader reader =
                journal.reader(bad == one ? List.of(one, two) : List.of(two, one), 0)) {
              while (reader.read((number, array, offset, length) -> {}) > 0) {
                // On to the next batch.
              }
            }
            assertThat(bytes).as("seed %d", seed).isEqualTo(good.content(name));
          });
      assertThat(read(journal, 0)).isEqualTo(written);
    }
  }

  @Test
  void crashesOfTheMachineWithTwoDisksLoseNothing() throws Exception {
    Seeds.check(
        300,
        (seed, random) -> {
          SimulatedDisk first = new SimulatedDisk();
          SimulatedDisk second = new SimulatedDisk();
          written.clear();
          for (int round = 0; round < 4; round++) {
            Journal journal = Journals.open(first, second);
            fill(journal, random.nextInt(12));
            first.crash(random);
            second.crash(random);
            if (random.nextInt(3) == 0) {
              second = new SimulatedDisk();
            }
          }
          Journals.open(first, second).close();
          assertBothAreWhole(first, second);
        });
  }
}
