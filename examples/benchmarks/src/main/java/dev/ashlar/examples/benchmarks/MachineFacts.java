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

  private static final int FORCES = 300;
  private static final int FORCES_NOT_COUNTED = 50;
  private static final long FORCES_NANOS_MOST = 2_000_000_000L;
  private static final int RECORD_BYTES = 128;
  private static final int CLOCK_READS = 2_000_000;

  private final TimeSource time;
  private final Path folder;
  private final List<Double> forceMicros = new ArrayList<>();

  MachineFacts(TimeSource time, Path folder) {
    this.time = time;
    this.folder = folder;
  }

  /** Times a forced append of 128 bytes, over and over; called before each repetition. */
  void probeForce() throws IOException {
    Path file = Files.createTempFile(folder, "force", ".probe");
    Latencies latencies = new Latencies();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);
      long start = time.nanos();
      long before = start;
      for (int i = 0;
          i < FORCES && (before - start < FORCES_NANOS_MOST || i <= FORCES_NOT_COUNTED);
          i++) {
        record.clear();
        channel.write(record);
        channel.force(false);
        long after = time.nanos();
        if (i >= FORCES_NOT_COUNTED) {
          latencies.add(after - before);
        }
        before = after;
      }
    } finally {
      Files.delete(file);
    }
    forceMicros.add(latencies.micros(0.5));
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
            "append of 128 bytes and force(false), p50, before each repetition",
            Spread.of(forceMicros).text() + " us"));
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
