package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The main class of a process that runs one cell. */
final class Child {

  /** Of the words that stand before the options. */
  private static final int FIXED = 5;

  private Child() {}

  /**
   * Runs one cell, writes its figures and halts: what is not in the file did not happen. It halts
   * after a failure too, as the threads of a peer would keep the process alive.
   */
  public static void main(String[] arguments) throws Exception {
    Thread.currentThread()
        .setUncaughtExceptionHandler(
            (thread, e) -> {
              e.printStackTrace();
              Runtime.getRuntime().halt(1);
            });
    run(arguments);
    Runtime.getRuntime().halt(0);
  }

  private static void run(String[] arguments) throws Exception {
    TimeSource time = TimeSource.system();
    List<String> words = List.of(arguments);
    Suite suite = Benchmarks.suite(words.get(0));
    Settings settings = CommandLine.parse(suite, words.subList(FIXED, words.size()));
    Workload workload =
        suite.workloads(settings).stream()
            .filter(one -> one.id().equals(words.get(2)))
            .findFirst()
            .orElseThrow(() -> new BadUse(words.get(2) + ": no such workload"));
    Path folder = Path.of(words.get(4));
    Cell cell = new Cell(workload, words.get(3), folder, settings, time);
    Step step = Step.valueOf(words.get(1));
    Figures figures = new Figures(Map.of());
    if (step == Step.PREPARE) {
      suite.prepare(cell);
    } else {
      figures = suite.measure(cell);
    }
    figures.write(result(folder));
  }

  static List<String> words(String suite, Step step, Cell cell) {
    List<String> words = new ArrayList<>();
    words.addAll(List.of(suite, step.name(), cell.workload().id(), cell.peer()));
    words.add(cell.folder().toString());
    words.addAll(CommandLine.words(cell.settings()));
    return words;
  }

  /** Where the figures of the cell in a folder are. */
  static Path result(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".figures");
  }

  /** What a process is for. */
  enum Step {
    /** Fill the folder. */
    PREPARE,
    /** Measure. */
    MEASURE
  }
}
