package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What the figures depend on, found out by the run itself. */
final class MachineFacts {

  private static final int FORCES = 200;
  private static final long FORCES_NANOS_MOST = 500_000_000L;
  private static final int RECORD_BYTES = 128;
  private static final int CLOCK_READS = 2_000_000;

  private final TimeSource time;
  private final Path folder;
  private final List<Double> growingMicros = new ArrayList<>();
  private final List<Double> zeroFilledMicros = new ArrayList<>();

  MachineFacts(TimeSource time, Path folder) {
    this.time = time;
    this.folder = folder;
  }

  /**
   * Times a forced write of 128 bytes over and over, at the end of a growing file and inside a file
   * that is full of zeros; called before each group of runs that are compared.
   */
  void probeForce() throws IOException {
    growingMicros.add(forceMicros(0));
    zeroFilledMicros.add(forceMicros(FORCES * RECORD_BYTES));
  }

  private double forceMicros(int zeros) throws IOException {
    Path file = Files.createTempFile(folder, "force", ".probe");
    Latencies latencies = new Latencies();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(zeros), 0);
      channel.force(true);
      ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
      long start = time.nanos();
      long before = start;
      for (int i = 0; i < FORCES && before - start < FORCES_NANOS_MOST; i++) {
        record.clear();
        channel.write(record);
        channel.force(false);
        long after = time.nanos();
        latencies.add(after - before);
        before = after;
      }
    } finally {
      Files.delete(file);
    }
    return latencies.micros(0.5);
  }

  List<String> lines(Settings settings) throws IOException {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    List<String> lines = new ArrayList<>(List.of("| fact | value |", "| --- | --- |"));
    lines.add(fact("cores", Runtime.getRuntime().availableProcessors() + ""));
    lines.add(fact("system", system + ", " + System.getProperty("os.arch")));
    lines.add(fact("file system", Files.getFileStore(folder).type()));
    lines.add(
        fact(
            "Java", System.getProperty("java.runtime.version") + ", -Xmx" + settings.text("heap")));
    lines.add(
        fact(
            "write of 128 bytes and force(false) at the end of a file, p50 before each column",
            Spread.of(growingMicros).text() + " us"));
    lines.add(
        fact("the same inside a file full of zeros", Spread.of(zeroFilledMicros).text() + " us"));
    lines.add(fact("one reading of the clock", Spread.short3(clockNanos()) + " ns"));
    lines.add(
        fact(
            "repetitions, warm-up, window",
            settings.text("repetitions")
                + " interleaved, "
                + settings.text("warm-up-millis")
                + " ms, "
                + settings.text("window-millis")
                + " ms, each in a fresh JVM and folder"));
    lines.add("");
    return lines;
  }

  private double clockNanos() {
    long start = time.nanos();
    long last = start;
    for (int i = 0; i < CLOCK_READS; i++) {
      last = time.nanos();
    }
    return (double) (last - start) / CLOCK_READS;
  }

  private static String fact(String name, String value) {
    return "| " + name + " | " + value + " |";
  }
}
