package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens beside the appends: scrubbing, the next segment, intervals. */
class UpkeepTest {

  private final SimulatedDisk one = new SimulatedDisk();
  private final SimulatedDisk two = new SimulatedDisk();

  private static void fill(Journal journal) throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      put(journal, i + "x".repeat(8000));
    }
  }

  @Test
  void aScrubRepairsWhatNobodyReads() throws Exception {
    try (Journal journal = Journals.open(one, two)) {
      fill(journal);
      String oldest = two.segments().get(0);
      byte[] whole = two.content(oldest).clone();
      two.content(oldest)[12_345] ^= 1;
      Scrub scrub = new Scrub(journal, List.of(one, two), Observer.none());
      roundOf(scrub);
      roundOf(scrub);
      scrub.close();
      assertThat(two.content(oldest)).isEqualTo(whole);
      assertThat(one.content(oldest)).isEqualTo(whole);
    }
  }

  @Test
  void aScrubGoesOnBehindWhatIsDamagedEverywhere() throws Exception {
    try (Journal journal = Journals.open(one, two)) {
      fill(journal);
      List<String> names = one.segments();
      one.content(names.get(0))[12_345] ^= 1;
      two.content(names.get(0))[12_345] ^= 1;
      byte[] whole = one.content(names.get(1)).clone();
      one.content(names.get(1))[12_345] ^= 1;
      Scrub scrub = new Scrub(journal, List.of(one, two), Observer.none());
      roundOf(scrub);
      scrub.close();
      assertThat(one.content(names.get(1))).isEqualTo(whole);
    }
  }

  private static void roundOf(Scrub scrub) {
    int steps = 0;
    while (!scrub.step(20_000)) {
      steps++;
    }
    // A quarter of a megabyte, or less where damage was skipped, at 20 kB a step.
    assertThat(steps).isBetween(5, 14);
  }

  @Test
  void theNextSegmentIsMadeAheadAndUsed(@TempDir Path folder) throws Exception {
    DiskOptions options = DiskOptions.folder(folder).withSegmentBytes(Journals.SEGMENT_BYTES);
    try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
      Path spare = folder.resolve(Spare.READY);
      Eventually.passes(Duration.ofSeconds(10), () -> assertThat(spare).exists());
      fill(journal);
      Eventually.passes(Duration.ofSeconds(10), () -> assertThat(spare).exists());
      assertThat(Files.size(spare)).isEqualTo(Journals.SEGMENT_BYTES);
    }
  }

  @Test
  void everyDurabilityKeepsWhatItAcknowledgedOverAReopening(@TempDir Path folder) throws Exception {
    DiskOptions options = DiskOptions.folder(folder).withSegmentBytes(Journals.SEGMENT_BYTES);
    List<String> all = new ArrayList<>();
    for (Durability durability :
        List.of(Durability.ON_APPEND, Durability.every(Duration.ofMillis(5)), Durability.OS)) {
      Journal journal =
          Journal.open(options.withDurability(durability), TimeSource.system(), Observer.none());
      for (int i = 0; i < 20; i++) {
        all.add(durability + " " + i + "x".repeat(5000));
        put(journal, all.get(all.size() - 1));
      }
      journal.abandon();
    }
    try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
      assertThat(read(journal, 0)).isEqualTo(all);
    }
  }

  @Test
  void optionsNameTheirBounds() {
    DiskOptions options = DiskOptions.folder(Path.of("f"));
    assertThat(options.durability()).isEqualTo(Durability.ON_APPEND);
    assertThatThrownBy(() -> options.withSegmentBytes(1000))
        .hasMessageStartingWith("segmentBytes: 1000 (expected: ");
    assertThatThrownBy(() -> DiskOptions.mirrors(Path.of("f"), Path.of("f")))
        .hasMessageEndingWith("(expected: 1 to 4 different)");
    assertThatThrownBy(() -> Durability.every(Duration.ZERO))
        .hasMessage("interval: PT0S (expected: 1 ms to 1 h)");
  }
}
