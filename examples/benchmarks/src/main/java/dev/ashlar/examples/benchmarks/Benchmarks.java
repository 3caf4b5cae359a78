package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Runs one comparison and prints its tables. The file README.md beside the module tells how. */
public final class Benchmarks {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int BAD_USE = 2;

  /** What there is to compare; a further one is named in this module's META-INF/services. */
  private static final List<Suite> SUITES =
      ServiceLoader.load(Suite.class).stream().map(ServiceLoader.Provider::get).toList();

  private final PrintStream out;
  private final PrintStream err;
  private final TimeSource time;

  Benchmarks(PrintStream out, PrintStream err, TimeSource time) {
    this.out = out;
    this.err = err;
    this.time = time;
  }

  /** Runs and exits with the status: 0 done, 1 some run failed, 2 bad use. */
  public static void main(String[] words) throws IOException, InterruptedException {
    Benchmarks benchmarks = new Benchmarks(System.out, System.err, TimeSource.system());
    System.exit(benchmarks.run(List.of(words)));
  }

  /** Runs and returns the exit status. */
  int run(List<String> words) throws IOException, InterruptedException {
    try {
      if (words.isEmpty()) {
        throw new BadUse("no suite (expected: " + SUITES.stream().map(Suite::name).toList() + ")");
      }
      Suite suite = suite(words.get(0));
      Settings settings = CommandLine.parse(suite, words.subList(1, words.size()));
      Comparison.Outcome outcome = new Comparison(suite, settings, time, err::println).run();
      List<String> report = report(words, outcome);
      report.forEach(out::println);
      out.flush();
      append(settings.text("out"), report);
      return outcome.failures().isEmpty() ? DONE : FAILED;
    } catch (BadUse e) {
      err.println("benchmarks: " + e.getMessage());
      return BAD_USE;
    }
  }

  static Suite suite(String name) throws BadUse {
    return SUITES.stream()
        .filter(suite -> suite.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadUse(name + ": no such suite"));
  }

  private static List<String> report(List<String> words, Comparison.Outcome outcome) {
    List<String> report = new ArrayList<>();
    report.add("Made by `examples/benchmarks/run " + String.join(" ", words) + "`.");
    report.add("");
    report.addAll(outcome.lines());
    outcome.failures().forEach(failure -> report.add("FAILED: " + failure));
    return report;
  }

  private static void append(String file, List<String> report) throws IOException {
    if (!file.isEmpty()) {
      Files.write(Path.of(file), report, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
