package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments that are written by storing into memory: real files, and real faults. */
class MappedTest {

  private static final Path MAPS = Path.of("/proc/self/maps");
  private static final int PAGE_BYTES = 4096;

  @TempDir Path folder;

  @BeforeEach
  void onLinux() {
    assumeTrue(Files.isReadable(MAPS), "elsewhere nothing is mapped");
  }

  private static Journal open(Durability durability, Path... folders) {
    return Journal.open(options(durability, folders), TimeSource.system(), Observer.none());
  }

  private static DiskOptions options(Durability durability, Path... folders) {
    return DiskOptions.mirrors(folders)
        .withSegmentBytes(Journals.SEGMENT_BYTES)
        .withDurability(durability);
  }

  /** How many files of a folder are mapped into this process. */
  private static long mapped(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(MAPS)) {
      return lines.filter(line -> line.contains(folder.toString())).count();
    }
  }

  private static Path last(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(SegmentFormat.SUFFIX))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  @Test
  void onlyWithoutForceAndInOneFolder() throws Exception {
    Path plain = folder.resolve("plain");
    try (Journal journal = open(Durability.OS, plain)) {
      put(journal, "a");
      assertThat(mapped(plain)).isEqualTo(1);
    }
    for (Durability forced :
        List.of(Durability.ON_APPEND, Durability.every(Duration.ofMillis(5)))) {
      Path other = folder.resolve(forced.getClass().getSimpleName());
      try (Journal journal = open(forced, other)) {
        put(journal, "a");
        assertThat(mapped(other)).isZero();
      }
    }
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    try (Journal journal = open(Durability.OS, one, two)) {
      put(journal, "a");
      assertThat(mapped(one) + mapped(two)).isZero();
    }
  }

  @Test
  void aFewAreMappedAtOnceWhateverTheCollectorDoesAndTheRestIsWritten() throws Exception {
    List<String> all = new ArrayList<>();
    try (Journal journal = open(Durability.OS, folder)) {
      for (int i = 0; i < 30 * 8; i++) {
        all.add(i + "x".repeat(7000));
        put(journal, all.get(i));
        assertThat(mapped(folder)).isBetween(0L, (long) Mapping.LIVE_MAX);
      }
      assertThat(read(journal, 0)).isEqualTo(all);
    }
    try (Journal journal = open(Durability.OS, folder)) {
      assertThat(read(journal, 0)).isEqualTo(all);
    }
  }

  @Test
  void aCollectionMakesRoomForFurtherOnes() throws Exception {
    try (Journal journal = open(Durability.OS, folder)) {
      for (int i = 0; i < 12 * 8; i++) {
        put(journal, "x".repeat(7000));
      }
      Eventually.passes(
          Duration.ofSeconds(20),
          () -> {
            System.gc();
            for (int i = 0; i < 8; i++) {
              put(journal, "x".repeat(7000));
            }
            assertThat(mapped(folder)).isBetween(1L, Mapping.LIVE_MAX / 2L);
          });
    }
  }

  @Test
  void theFilesAreThoseThatWritingMakes() throws Exception {
    Path stored = folder.resolve("stored");
    Path written = folder.resolve("written");
    fill(new FolderDisk(stored), Seeds.random(7));
    // It passes nothing on of the wish to map.
    fill(new DiskBetween(new FolderDisk(written)), Seeds.random(7));
    try (Stream<Path> files = Files.list(stored)) {
      List<Path> segments =
          files.filter(file -> file.toString().endsWith(SegmentFormat.SUFFIX)).toList();
      assertThat(segments).hasSizeGreaterThan(3);
      for (Path segment : segments) {
        assertThat(written.resolve(segment.getFileName())).hasSameBinaryContentAs(segment);
      }
    }
  }

  /** The salt of a segment comes from the clock, which stands still here. */
  private static void fill(Disk disk, RandomGenerator random) throws InterruptedException {
    try (Journal journal =
        Journal.open(
            List.of(disk),
            options(Durability.OS, Path.of("f")),
            ManualTime.create(),
            Observer.none())) {
      for (int i = 0; i < 60; i++) {
        put(journal, i + "y".repeat(random.nextInt(7000)));
      }
    }
  }

  /** Returns the failure of the next append, if it fails. */
  private static Optional<DiskException> failureOfPut(Journal journal, List<String> acknowledged)
      throws InterruptedException {
    String text = acknowledged.size() + "z".repeat(500);
    try {
      put(journal, text);
      acknowledged.add(text);
      return Optional.empty();
    } catch (DiskException e) {
      return Optional.of(e);
    }
  }

  /** What the JVM has to say of a fault it says at a safepoint at the latest. */
  private static void expectNothingFromTheJvm() {
    System.gc();
    assertThat(new byte[1 << 20]).hasSize(1 << 20);
  }

  @Test
  void whatIsStoredBehindTheEndOfAShortenedFileIsNeverAcknowledged() throws Exception {
    Seeds.check(
        60,
        (seed, random) -> {
          Path at = folder.resolve("f" + seed);
          List<String> acknowledged = new ArrayList<>();
          Journal journal = open(Durability.OS, at);
          int before = random.nextInt(20, 100);
          for (int i = 0; i < before; i++) {
            assertThat(failureOfPut(journal, acknowledged)).isEmpty();
          }
          cut(last(at), random.nextInt(2) * PAGE_BYTES);
          DiskException failure = failureOfPut(journal, acknowledged).orElseThrow();
          assertThat(failure.effect()).as("seed %d", seed).isEqualTo(Effect.UNKNOWN);
          assertThat(failure.reason()).as("seed %d", seed).isEqualTo(Reason.FAILED);
          expectNothingFromTheJvm();
          // What was acknowledged in that file is gone, and that is told and not passed over.
          assertThat(failureOfPut(journal, acknowledged).orElseThrow().reason())
              .isEqualTo(Reason.DAMAGED);
          journal.close();
          expectNothingFromTheJvm();
        });
  }

  private static void cut(Path file, int length) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.setLength(length);
    }
  }

  @Test
  void aFileThatIsShortenedBehindWhatIsWrittenIsToldSoon() throws Exception {
    Journal journal = open(Durability.OS, folder);
    List<String> acknowledged = new ArrayList<>();
    assertThat(failureOfPut(journal, acknowledged)).isEmpty();
    cut(last(folder), Journals.SEGMENT_BYTES - PAGE_BYTES);
    DiskException failure =
        Eventually.value(
            "the failure",
            Duration.ofSeconds(10),
            () -> acknowledged.size() < 50 ? failureOfPut(journal, acknowledged) : waited(journal));
    assertThat(failure.reason()).isEqualTo(Reason.VANISHED);
    // It was all there still: so the next segment has it, and service goes on.
    put(journal, "after");
    acknowledged.add("after");
    assertThat(read(journal, 0)).isEqualTo(acknowledged);
    journal.close();
    try (Journal again = open(Durability.OS, folder)) {
      assertThat(read(again, 0)).isEqualTo(acknowledged);
    }
  }

  private static Optional<DiskException> waited(Journal journal) throws InterruptedException {
    return failureOfPut(journal, new ArrayList<>());
  }

  @Test
  void aFileThatVanishesIsToldSoonAndWhatItHeldIsRescued() throws Exception {
    Journal journal = open(Durability.OS, folder);
    List<String> acknowledged = new ArrayList<>();
    assertThat(failureOfPut(journal, acknowledged)).isEmpty();
    Files.delete(last(folder));
    DiskException failure =
        Eventually.value(
            "the failure", Duration.ofSeconds(10), () -> failureOfPut(journal, acknowledged));
    assertThat(failure.reason()).isEqualTo(Reason.VANISHED);
    put(journal, "after");
    acknowledged.add("after");
    assertThat(read(journal, 0)).isEqualTo(acknowledged);
    journal.close();
  }

  /** A segment that was written by storing, and the journal closed or killed after it. */
  private byte[] segment(boolean closed, List<String> texts) throws Exception {
    Journal journal = open(Durability.OS, folder);
    for (String text : texts) {
      put(journal, text);
    }
    assertThat(mapped(folder)).isEqualTo(1);
    if (closed) {
      journal.close();
    }
    byte[] bytes = Files.readAllBytes(last(folder));
    journal.abandon();
    return bytes;
  }

  private Object outcome(byte[] bytes) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    disk.replace(String.valueOf(last(folder).getFileName()), bytes);
    try (Journal journal = Journals.open(Durability.OS, disk)) {
      return read(journal, 0);
    } catch (DiskException e) {
      return e.reason();
    }
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 0x40;
    return changed;
  }

  private static byte[] shortened(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  @Test
  void everyFlipAndTruncationOfAClosedOneIsTold() throws Exception {
    List<String> texts = List.of("one", "two".repeat(30), "three");
    byte[] bytes = segment(true, texts);
    assertThat(outcome(bytes)).isEqualTo(texts);
    for (int at = 0; at < bytes.length; at++) {
      assertThat(outcome(flipped(bytes, at))).as("byte %d", at).isEqualTo(Reason.DAMAGED);
      assertThat(outcome(shortened(bytes, at))).as("length %d", at).isEqualTo(Reason.DAMAGED);
    }
  }

  /**
   * Nothing was forced, so a batch that is not whole may be a torn one: it and the rest are cut.
   */
  @Test
  void noFlipOrTruncationOfAKilledOneGivesAnythingElse() throws Exception {
    List<String> texts = List.of("one", "two".repeat(30), "three");
    byte[] bytes = segment(false, texts);
    assertThat(bytes).hasSize(Journals.SEGMENT_BYTES);
    assertThat(outcome(bytes)).isEqualTo(texts);
    for (int at = 0; at < 400; at++) {
      Object outcome = outcome(flipped(bytes, at));
      if (outcome instanceof List<?> found) {
        assertThat(found).as("byte %d", at).isEqualTo(texts.subList(0, found.size()));
        assertThat(at).isGreaterThanOrEqualTo(SegmentFormat.HEADER_BYTES);
      } else {
        assertThat(outcome).as("byte %d", at).isEqualTo(Reason.DAMAGED);
      }
      assertThat(outcome(shortened(bytes, at))).as("length %d", at).isEqualTo(Reason.DAMAGED);
    }
  }
}
