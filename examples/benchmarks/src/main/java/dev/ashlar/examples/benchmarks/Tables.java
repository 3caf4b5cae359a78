package dev.ashlar.examples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** The results as Markdown. */
final class Tables {

  private final Results results;
  private final List<Peer> peers;
  private final BiPredicate<Peer, Workload> belongs;

  /** The first peer that belongs to a table is its yardstick. */
  Tables(Results results, List<Peer> peers, BiPredicate<Peer, Workload> belongs) {
    this.results = results;
    this.peers = List.copyOf(peers);
    this.belongs = belongs;
  }

  private List<Peer> rows(List<Workload> columns) {
    return peers.stream()
        .filter(peer -> columns.stream().anyMatch(workload -> belongs.test(peer, workload)))
        .toList();
  }

  List<String> lines(List<Workload> workloads) {
    Map<String, List<Workload>> tables = new LinkedHashMap<>();
    for (Workload workload : workloads) {
      tables.computeIfAbsent(workload.table(), name -> new ArrayList<>()).add(workload);
    }
    List<String> lines = new ArrayList<>();
    tables.forEach(
        (name, columns) -> {
          if (rows(columns).isEmpty()) {
            // Nobody was asked for who does this.
            return;
          }
          if (columns.size() == 1) {
            lines.addAll(ofOne(name, columns.get(0)));
          } else {
            for (String figure : columns.stream().flatMap(this::names).distinct().toList()) {
              lines.addAll(table(name, figure, columns));
            }
          }
        });
    lines.addAll(promises());
    return lines;
  }

  private Stream<String> names(Workload workload) {
    return results.names(workload).stream();
  }

  /** All figures of one workload side by side. */
  private List<String> ofOne(String name, Workload workload) {
    List<String> names = results.names(workload);
    List<String> lines = new ArrayList<>();
    List<Peer> rows = rows(List.of(workload));
    lines.add(title(name + ": " + workload.title(), rows));
    lines.add("");
    lines.add(row("what", names.stream().map(figure -> what(workload, figure)).toList()));
    lines.add(row("---", names.stream().map(figure -> "---").toList()));
    for (Peer peer : rows) {
      lines.add(
          row(
              peer.title(),
              names.stream().map(figure -> cell(workload, peer, rows.get(0), figure)).toList()));
    }
    lines.add("");
    return lines;
  }

  private static String what(Workload workload, String figure) {
    return figure.equals(Figures.MAIN) ? workload.unit() : figure;
  }

  private static String title(String what, List<Peer> rows) {
    return "**" + what + "; median ratio to " + rows.get(0).title() + "**";
  }

  private List<String> table(String name, String figure, List<Workload> all) {
    List<Workload> columns =
        all.stream().filter(workload -> results.names(workload).contains(figure)).toList();
    List<Peer> rows = rows(columns);
    List<String> lines = new ArrayList<>();
    lines.add(title(name + ": " + what(columns.get(0), figure), rows));
    lines.add("");
    lines.add(row("what", columns.stream().map(Workload::title).toList()));
    lines.add(row("---", columns.stream().map(workload -> "---").toList()));
    for (Peer peer : rows) {
      lines.add(
          row(
              peer.title(),
              columns.stream().map(w -> cell(w, peer, rows.get(0), figure)).toList()));
    }
    lines.add("");
    return lines;
  }

  private String cell(Workload workload, Peer peer, Peer yardstick, String figure) {
    return results
        .spread(workload, peer, figure)
        .map(spread -> spread.text() + ratio(workload, peer, yardstick, figure))
        .orElse("-");
  }

  private String ratio(Workload workload, Peer peer, Peer yardstick, String figure) {
    return results
        .ratio(workload, peer, yardstick, figure)
        .map(ratio -> String.format(Locale.ROOT, ", %.2fx", ratio.median()))
        .orElse("");
  }

  private List<String> promises() {
    List<String> lines = new ArrayList<>(List.of("| peer | what its answer is worth |"));
    lines.add("| --- | --- |");
    peers.forEach(peer -> lines.add(row(peer.title(), List.of(peer.promise()))));
    lines.add("");
    return lines;
  }

  private static String row(String first, List<String> others) {
    return "| " + first + " | " + String.join(" | ", others) + " |";
  }
}
