package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Bytes;
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
}
