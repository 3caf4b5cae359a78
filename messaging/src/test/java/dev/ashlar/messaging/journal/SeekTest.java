package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Readers that look here and there. */
class SeekTest {

  /** The first record that a reader gives out, and that no other comes before it. */
  private static String next(JournalReader reader) {
    List<String> texts = new ArrayList<>();
    reader.read(
        (number, array, offset, length) ->
            texts.add(Bytes.owning(Arrays.copyOfRange(array, offset, offset + length)).toUtf8()));
    return texts.isEmpty() ? "" : texts.get(0);
  }

  private static String text(int number) {
    return number + "z".repeat(number * 31 % 900);
  }

  @Test
  void everyRecordIsFoundFromEveryOtherInSealedFilesAndInTheOneThatGrows() throws Exception {
    long seed = Seeds.next();
    RandomGenerator random = Seeds.random(seed);
    Journal journal = Journals.open(new SimulatedDisk());
    int count = 0;
    try (JournalReader reader = journal.reader(0)) {
      for (int round = 0; round < 60; round++) {
        for (int i = random.nextInt(1, 12); i > 0; i--) {
          put(journal, text(count++));
        }
        for (int look = 0; look < 40; look++) {
          int number = random.nextInt(count);
          reader.seek(number);
          assertThat(reader.position()).isEqualTo(number);
          assertThat(next(reader)).as("record %d, seed %d", number, seed).isEqualTo(text(number));
        }
        reader.seek(journal.end());
        assertThat(next(reader)).isEmpty();
      }
      assertThat(journal.endOfOldest()).as("more than one file").isPresent();
    }
    journal.close();
  }

  @Test
  void whatIsForgottenIsPassedOverAndWhatIsNotThereIsRefused() throws Exception {
    Journal journal = Journals.open(new SimulatedDisk());
    for (int i = 0; i < 600; i++) {
      put(journal, text(i));
    }
    try (JournalReader reader = journal.reader(0)) {
      assertThat(next(reader)).isEqualTo(text(0));
      long first = journal.forgetBefore(journal.endOfOldest().getAsLong());

      reader.seek(3);
      assertThat(next(reader)).isEqualTo(text((int) first));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> reader.seek(601))
          .withMessage("number: 601 (expected: 0 to 600)");
    }
    journal.close();
  }

  @Test
  void aReaderThatCameWhenAFileGrewUsesItsIndexAfterwards() throws Exception {
    int segmentBytes = 4 << 20;
    SimulatedDisk disk = new SimulatedDisk();
    Journal journal =
        Journal.open(
            List.of(disk),
            Journals.options().withSegmentBytes(segmentBytes).withDurability(Durability.OS),
            TimeSource.system(),
            Observer.none());
    put(journal, "z".repeat(900));
    try (JournalReader reader = journal.reader(0)) {
      next(reader);
      while (journal.endOfOldest().isEmpty()) {
        put(journal, "z".repeat(900));
      }
      disk.bytesRead = 0;
      int looks = 16;
      for (int look = 1; look <= looks; look++) {
        reader.seek(journal.endOfOldest().getAsLong() * look / (looks + 1));
        next(reader);
      }
      // From an entry of the index on, and perhaps one window more; a scan reads half of the file.
      assertThat(disk.bytesRead / looks).isLessThan(segmentBytes / 8);
    }
    journal.close();
  }
}
