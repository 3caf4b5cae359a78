package dev.ashlar.examples.benchmarks;

import dev.ashlar.core.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All runs of one command. Repetitions are interleaved: each workload is run once for every peer,
 * then all again, so that a slow minute of the machine is shared by those who are compared.
 */
final class Comparison {

  private final Suite suite;
  private final Settings settings;
  private final TimeSource time;
  private final Consumer<String> progress;
  private final Path folder;

  Comparison(Suite suite, Settings settings, TimeSource time, Consumer<String> progress) {
    this.suite = suite;
    this.settings = settings;
    this.time = time;
    this.progress = progress;
    this.folder = Path.of(settings.text("folder")).toAbsolutePath();
  }

  /** The report, and whether every run ended well. */
  record Outcome(List<String> lines, List<String> failures) {}

  Outcome run() throws BadUse, IOException, InterruptedException {
    List<Peer> peers = CommandLine.peers(suite, settings);
    List<Workload> workloads = suite.workloads(settings);
    int repetitions = (int) settings.number("repetitions", 1, 1000);
    Duration limit = Duration.ofSeconds(settings.number("cell-limit-seconds", 1, 86_400));
    ChildRun child = new ChildRun(suite.name(), time, limit);
    Results results = new Results(repetitions);
    Files.createDirectories(folder);
    MachineFacts facts = new MachineFacts(time, folder);
    try {
      prepare(peers, workloads, child, results);
      for (int repetition = 0; repetition < repetitions; repetition++) {
        for (Workload workload : workloads) {
          facts.probeForce();
          for (Peer peer : peers) {
            if (isMeasured(peer, workload)) {
              measure(child, results, workload, peer, repetition);
            }
          }
        }
      }
      List<String> lines =
          new ArrayList<>(new GoalTable(results, peers, workloads).lines(suite.goals()));
      lines.addAll(facts.lines(settings));
      lines.addAll(new Tables(results, peers, suite::belongs).lines(workloads));
      return new Outcome(lines, results.failures());
    } finally {
      Folders.remove(folder);
    }
  }

  private boolean isMeasured(Peer peer, Workload workload) {
    return suite.belongs(peer, workload) && suite.takesPart(peer, workload, settings);
  }

  private void prepare(List<Peer> peers, List<Workload> workloads, ChildRun child, Results results)
      throws InterruptedException {
    for (Workload workload : workloads) {
      for (Peer peer : peers) {
        if (workload.prepared() && isMeasured(peer, workload)) {
          progress.accept("preparing " + workload.id() + ", " + peer.name());
          try {
            child.run(Child.Step.PREPARE, cell(workload, peer, kept(workload, peer)));
            Folders.force(kept(workload, peer));
          } catch (IOException e) {
            failed(results, e);
          }
        }
      }
    }
  }

  private void measure(
      ChildRun child, Results results, Workload workload, Peer peer, int repetition)
      throws InterruptedException {
    progress.accept("repetition " + (repetition + 1) + ", " + workload.id() + ", " + peer.name());
    Path place = workload.prepared() ? kept(workload, peer) : folder.resolve("fresh");
    if (workload.prepared() && !Files.exists(place)) {
      return;
    }
    try {
      Figures figures = child.run(Child.Step.MEASURE, cell(workload, peer, place));
      results.add(workload, peer, repetition, figures);
    } catch (IOException e) {
      failed(results, e);
    } finally {
      if (!workload.prepared()) {
        Folders.remove(place);
      }
    }
  }

  private void failed(Results results, IOException e) {
    String what = String.valueOf(e.getMessage());
    results.addFailure(what.lines().findFirst().orElse(what));
    progress.accept("FAILED: " + what);
  }

  private Path kept(Workload workload, Peer peer) {
    return folder.resolve("kept-" + workload.id() + "-" + peer.name());
  }

  private Cell cell(Workload workload, Peer peer, Path place) {
    return new Cell(workload, peer.name(), place, settings, time);
  }
}
