package dev.ashlar.messaging.journal;

import static dev.ashlar.messaging.journal.Journals.put;
import static dev.ashlar.messaging.journal.Journals.read;
import static dev.ashlar.messaging.journal.Journals.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.messaging.journal.DiskException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real folders, real processes, and a real file system that is too small. */
@Tag("engine")
class RealDisksTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final int FORGOTTEN = 1000;

  @TempDir Path folder;

  private static Journal open(Path folder) {
    return open(folder, Durability.ON_APPEND);
  }

  private static Journal open(Path folder, Durability durability) {
    return Journal.open(
        DiskOptions.folder(folder)
            .withSegmentBytes(Journals.SEGMENT_BYTES)
            .withDurability(durability),
        TimeSource.system(),
        Observer.none());
  }

  /** Opens a folder, says so, and keeps it until its input ends. */
  public static final class Owner {

    private Owner() {}

    public static void main(String[] args) throws Exception {
      try (Journal journal = open(Path.of(args[0]))) {
        put(journal, "of another process");
        System.out.println("owned");
        int end = System.in.read();
        assertThat(end).isNegative();
      }
    }
  }

  @Test
  void anotherProcessIsRefusedUntilTheOwnerEndsOrIsKilled() throws Exception {
    try (ChildJvm owner = ChildJvm.start(Owner.class, ChildJvm.SMALL, folder.toString())) {
      assertThat(owner.awaitLine("owned", PATIENCE)).isEqualTo("owned");
      DiskException refused = catchThrowableOfType(DiskException.class, () -> open(folder));
      assertThat(refused.reason()).isEqualTo(Reason.IN_USE);
      assertThat(refused.effect()).isEqualTo(Effect.NONE);
      assertThat(refused.file()).isEqualTo(folder.toString());
      owner.kill();
      owner.awaitEnd(PATIENCE);
    }
    try (Journal journal = open(folder)) {
      assertThat(read(journal, 0)).containsExactly("of another process");
    }
  }

  @Test
  void theSameProcessIsRefusedByAnyPathToTheFolder() throws Exception {
    Path link =
        Files.createSymbolicLink(
            folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
    try (Journal journal = open(folder.resolve("real"))) {
      DiskException refused = catchThrowableOfType(DiskException.class, () -> open(link));
      assertThat(refused.reason()).isEqualTo(Reason.IN_USE);
      put(journal, "a");
    }
  }

  /** Neither its name, in an empty file, nor a failure of those who read. */
  @Test
  void whatIsForgottenLeavesNothingBehindHoweverReadersComeToIt() throws Exception {
    AtomicInteger failed = new AtomicInteger();
    try (Journal journal = open(folder, Durability.OS)) {
      AtomicBoolean over = new AtomicBoolean();
      Thread one = readFront(journal, over, failed);
      Thread another = readFront(journal, over, failed);
      try {
        for (int i = 0; i < FORGOTTEN; i++) {
          put(journal, "x".repeat(Journals.SEGMENT_BYTES / 5));
          journal.forgetBefore(journal.end() - 1);
        }
      } finally {
        over.set(true);
        one.join();
        another.join();
      }
      put(journal, "last");
    }
    assertThat(failed).hasValue(0);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".log")))
          .allSatisfy(file -> assertThat(file).isNotEmptyFile());
    }
    try (Journal journal = open(folder)) {
      assertThat(read(journal, 0)).endsWith("last");
    }
  }

  private static Thread readFront(Journal journal, AtomicBoolean over, AtomicInteger failed) {
    Thread thread =
        new Thread(
            () -> {
              while (!over.get()) {
                try (JournalReader front = journal.reader(journal.first())) {
                  front.read((number, array, offset, length) -> {});
                } catch (DiskException e) {
                  failed.incrementAndGet();
                }
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void aFileInPlaceOfTheFolderIsToldAsAFailure() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> open(file)).isInstanceOf(DiskException.class);
  }

  /** Runs where it may mount: a file system of one megabyte, full, emptied, read-only. */
  public static final class SmallDisk {

    private static final List<String> KEPT = new ArrayList<>();

    /** Whether batches are forced, or stored into mapped memory. */
    private static Durability durability = Durability.ON_APPEND;

    private SmallDisk() {}

    public static void main(String[] args) throws Exception {
      Path small = Path.of(args[0]);
      durability = args.length > 1 ? Durability.OS : Durability.ON_APPEND;
      run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
      Path ballast = Files.write(small.resolve("ballast"), new byte[600_000]);
      Path journalFolder = small.resolve("journal");
      try (Journal journal = open(journalFolder, durability)) {
        fillUp(journal);
        fillUp(journal);
        Files.delete(ballast);
        append(journal, "after");
        System.out.println("resumed: " + read(journal, 0).equals(KEPT));
      }
      try (Journal journal = open(journalFolder, durability)) {
        System.out.println("reopened: " + read(journal, 0).equals(KEPT));
      }
      Eventually.passes(Duration.ofSeconds(10), () -> expectNoneMapped(small));
      run("mount", "-o", "remount,ro", small.toString());
      try (Journal journal = open(journalFolder, durability)) {
        System.out.println("opened " + journal.end());
      } catch (DiskException e) {
        System.out.println(e.reason() + " " + e.effect());
      }
    }

    /** While a file is mapped its file system cannot become read-only. */
    private static void expectNoneMapped(Path folder) throws IOException {
      System.gc();
      assertThat(Files.readString(Path.of("/proc/self/maps"))).doesNotContain(folder.toString());
    }

    private static void fillUp(Journal journal) throws Exception {
      boolean goesOn = true;
      while (goesOn) {
        try {
          append(journal, KEPT.size() + "x".repeat(5000));
        } catch (DiskException e) {
          System.out.println(e.reason() + " " + e.effect());
          goesOn = false;
        }
      }
    }

    private static void append(Journal journal, String text) throws InterruptedException {
      put(journal, text);
      KEPT.add(text);
    }

    private static void run(String... command) throws IOException, InterruptedException {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + ": " + code);
      }
    }
  }

  @Test
  void aFullDiskRefusesUntilThereIsSpaceAndAReadOnlyOneIsTold() throws Exception {
    liveOnASmallDisk(folder.toString());
  }

  /** A page of a mapped file has its block before it is stored into: so there is no fault. */
  @Test
  void aFullDiskIsFoundBeforeAPageIsStoredInto() throws Exception {
    liveOnASmallDisk(folder.toString(), "mapped");
  }

  private void liveOnASmallDisk(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "--fork"));
    List<String> probe = new ArrayList<>(command);
    probe.addAll(List.of("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString()));
    assumeTrue(mayRun(probe), "this machine lets nobody mount: the simulated full disk is proof");
    command.addAll(ChildJvm.command(SmallDisk.class, ChildJvm.SMALL, arguments));
    try (ChildJvm child = ChildJvm.start(command)) {
      assertThat(child.linesToEnd(PATIENCE))
          .containsExactly(
              "FULL NONE", "FULL NONE", "resumed: true", "reopened: true", "READ_ONLY NONE");
    }
  }

  private static boolean mayRun(List<String> command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  /** Two million records in a heap of 64 megabytes: written, read, forgotten, and read again. */
  public static final class ManyRecords {

    static final int RECORDS = 2_000_000;

    private ManyRecords() {}

    public static void main(String[] args) throws Exception {
      DiskOptions options = DiskOptions.folder(Path.of(args[0])).withSegmentBytes(8 << 20);
      Payload record = Journals.record("x".repeat(100));
      try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
        Ticket last = journal.append(record, soon());
        for (int i = 1; i < RECORDS; i++) {
          last = journal.append(record, soon());
        }
        System.out.println("written: " + (last.await(soon()) && journal.end() == RECORDS));
        System.out.println("read: " + count(journal));
        System.out.println("left: " + (RECORDS - journal.forgetBefore(RECORDS) < 80_000));
      }
      try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
        System.out.println("reopened: " + (count(journal) < 80_000 && journal.end() == RECORDS));
      }
    }

    private static long count(Journal journal) {
      long[] records = new long[1];
      try (JournalReader reader = journal.reader(journal.first())) {
        while (reader.read((number, array, offset, length) -> records[0]++) > 0) {
          // On to the next batch.
        }
      }
      return records[0];
    }
  }

  @Test
  void memoryIsBoundedWhateverTheBacklog() throws Exception {
    List<String> small = List.of("-Xmx16m");
    try (ChildJvm child = ChildJvm.start(ManyRecords.class, small, folder.toString())) {
      assertThat(child.linesToEnd(LONG))
          .containsExactly(
              "written: true", "read: " + ManyRecords.RECORDS, "left: true", "reopened: true");
    }
  }

  /** Says how many bytes an append allocates beyond its payload, once the code is compiled. */
  public static final class Allocation {

    private static final int WARM = 400_000;
    private static final int COUNTED = 200_000;

    private Allocation() {}

    public static void main(String[] args) throws Exception {
      DiskOptions options = DiskOptions.folder(Path.of(args[0])).withDurability(Durability.OS);
      try (Journal journal = Journal.open(options, TimeSource.system(), Observer.none())) {
        Payload record = Journals.record("x".repeat(100));
        System.out.println(steady(journal, record, 1));
        System.out.println(steady(journal, record, 1000));
      }
    }

    /** The least of some runs: a busy machine compiles late. */
    private static long steady(Journal journal, Payload record, int awaitEach) throws Exception {
      run(journal, record, WARM, awaitEach);
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 8; i++) {
        least = Math.min(least, run(journal, record, COUNTED, awaitEach));
      }
      return least;
    }

    private static long run(Journal journal, Payload record, int count, int awaitEach)
        throws Exception {
      Deadline deadline = soon();
      Ticket[] open = new Ticket[awaitEach];
      long before = allocatedBytes();
      for (int i = 1; i <= count; i++) {
        open[i % awaitEach] = journal.append(record, deadline);
        if (i % awaitEach == 0 && !open[0].await(deadline)) {
          throw new IllegalStateException("late");
        }
      }
      return (allocatedBytes() - before) / count;
    }

    /** By reflection, because the module under test does not read the one that counts. */
    private static long allocatedBytes() throws ReflectiveOperationException {
      Object threads =
          Class.forName("java.lang.management.ManagementFactory")
              .getMethod("getThreadMXBean")
              .invoke(null);
      return (long)
          Class.forName("com.sun.management.ThreadMXBean")
              .getMethod("getThreadAllocatedBytes", long.class)
              .invoke(threads, Thread.currentThread().getId());
    }
  }

  @Test
  void anAppendAllocatesAtMostSixtyFourBytesBeyondItsPayload() throws Exception {
    List<String> compiled = List.of("-Xmx64m");
    try (ChildJvm child = ChildJvm.start(Allocation.class, compiled, folder.toString())) {
      List<String> bytes = child.linesToEnd(LONG);
      System.out.println("bytes allocated per append, blocking and pipelined: " + bytes);
      assertThat(bytes)
          .hasSize(2)
          .allSatisfy(each -> assertThat(Long.parseLong(each)).isBetween(0L, 64L));
    }
  }
}
