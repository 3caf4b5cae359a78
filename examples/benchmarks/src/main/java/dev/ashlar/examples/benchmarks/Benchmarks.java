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

  /** Stands for every suite that takes minutes. */
  private static final String ALL = "--all";

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
        throw new BadUse(
            "no suite (expected: --all or of " + SUITES.stream().map(Suite::name).toList() + ")");
      }
      List<Run> runs = runs(words);
      boolean failed = false;
      for (Run run : runs) {
        Comparison.Outcome outcome =
            new Comparison(run.suite(), run.settings(), time, err::println).run();
        List<String> report = report(run.suite(), words, outcome);
        report.forEach(out::println);
        out.flush();
        append(run.settings().text("out"), report);
        failed |= !outcome.failures().isEmpty();
      }
      return failed ? FAILED : DONE;
    } catch (BadUse e) {
      err.println("benchmarks: " + e.getMessage());
      return BAD_USE;
    }
  }

  private record Run(Suite suite, Settings settings) {}

  /** One run, or one for each suite; bad use is found before the first begins. */
  private static List<Run> runs(List<String> words) throws BadUse {
    List<String> options = words.subList(1, words.size());
    List<Run> runs = new ArrayList<>();
    if (words.get(0).equals(ALL)) {
      for (Suite suite : SUITES) {
        if (suite.partOfAll()) {
          runs.add(new Run(suite, CommandLine.parse(suite, options)));
        }
      }
    } else {
      Suite suite = suite(words.get(0));
      runs.add(new Run(suite, CommandLine.parse(suite, options)));
    }
    return runs;
  }

  static Suite suite(String name) throws BadUse {
    return SUITES.stream()
        .filter(suite -> suite.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadUse(name + ": no such suite"));
  }

  private static List<String> report(Suite suite, List<String> words, Comparison.Outcome outcome) {
    List<String> report = new ArrayList<>();
    report.add("## `" + suite.name() + "`");
    report.add("");
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
