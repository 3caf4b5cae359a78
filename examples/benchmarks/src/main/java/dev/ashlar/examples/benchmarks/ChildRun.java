package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts the process of a cell and waits for its figures. */
final class ChildRun {

  /**
   * The same for every peer. Chronicle needs the packages opened (its own documentation lists
   * them); the property keeps it from reporting its use over the network.
   */
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseG1GC",
          "-Dchronicle.analytics.disable=true",
          "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
          "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
          "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
          "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
          "--add-opens=jdk.compiler/com.sun.tools.javac=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
          "--add-opens=java.base/java.io=ALL-UNNAMED",
          "--add-opens=java.base/java.nio=ALL-UNNAMED",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private static final int LINES_SHOWN = 30;

  private final String suite;
  private final TimeSource time;
  private final Duration limit;

  ChildRun(String suite, TimeSource time, Duration limit) {
    this.suite = suite;
    this.time = time;
    this.limit = limit;
  }

  /** Runs one cell; a process that fails or exceeds the limit is an error with its last words. */
  Figures run(Child.Step step, Cell cell) throws IOException, InterruptedException {
    Path folder = cell.folder();
    Path words = folder.resolveSibling(folder.getFileName() + ".output");
    Files.createDirectories(folder);
    Files.deleteIfExists(Child.result(folder));
    ProcessBuilder builder = new ProcessBuilder(command(step, cell));
    builder.redirectErrorStream(true).redirectOutput(words.toFile());
    Process process = builder.start();
    TimeSource.Timer end = time.after(limit, process::destroyForcibly);
    try {
      int status = process.waitFor();
      if (status != 0 || !Files.exists(Child.result(folder))) {
        throw new IOException(
            cell.peer() + ", " + cell.workload().id() + ": status " + status + lastWords(words));
      }
      return Figures.read(Child.result(folder));
    } finally {
      end.cancel();
      process.destroyForcibly();
      process.waitFor();
    }
  }

  private List<String> command(Child.Step step, Cell cell) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + cell.settings().text("heap"));
    command.addAll(OPTIONS);
    // What a native library unpacks stays in the run's folder, and goes with it.
    command.add("-Djava.io.tmpdir=" + cell.folder().toAbsolutePath().getParent());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    command.addAll(Child.words(suite, step, cell));
    return command;
  }

  private static String lastWords(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int from = Math.max(0, lines.size() - LINES_SHOWN);
    return "\n" + String.join("\n", lines.subList(from, lines.size()));
  }
}
