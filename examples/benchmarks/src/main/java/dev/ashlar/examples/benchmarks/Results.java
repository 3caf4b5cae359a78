package dev.ashlar.examples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all runs measured: figures by workload, peer and repetition. */
final class Results {

  private record Key(String workload, String peer, int repetition) {}

  private final Map<Key, Figures> figures = new LinkedHashMap<>();
  private final List<String> failures = new ArrayList<>();
  private final int repetitions;

  Results(int repetitions) {
    this.repetitions = repetitions;
  }

  void add(Workload workload, Peer peer, int repetition, Figures measured) {
    figures.put(new Key(workload.id(), peer.name(), repetition), measured);
  }

  void addFailure(String what) {
    failures.add(what);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  /** Every name of a figure that a workload has for any peer, in order. */
  List<String> names(Workload workload) {
    return figures.entrySet().stream()
        .filter(entry -> entry.getKey().workload().equals(workload.id()))
        .flatMap(entry -> entry.getValue().values().keySet().stream())
        .distinct()
        .toList();
  }

  Optional<Spread> spread(Workload workload, Peer peer, String name) {
    List<Double> values = new ArrayList<>();
    for (int repetition = 0; repetition < repetitions; repetition++) {
      value(workload, peer, name, repetition).ifPresent(values::add);
    }
    return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
  }

  /** The spread of the ratios to the yardstick, each within one repetition. */
  Optional<Spread> ratio(Workload workload, Peer peer, Peer yardstick, String name) {
    List<Double> ratios = new ArrayList<>();
    for (int repetition = 0; repetition < repetitions; repetition++) {
      Optional<Double> of = value(workload, yardstick, name, repetition).filter(one -> one > 0);
      Optional<Double> mine = value(workload, peer, name, repetition);
      if (of.isPresent() && mine.isPresent()) {
        ratios.add(mine.get() / of.get());
      }
    }
    return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
  }

  private Optional<Double> value(Workload workload, Peer peer, String name, int repetition) {
    return Optional.ofNullable(figures.get(new Key(workload.id(), peer.name(), repetition)))
        .flatMap(measured -> Optional.ofNullable(measured.values().get(name)));
  }
}
