package dev.ashlar.examples.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What was to be reached, what was, and whether that is enough, as Markdown. */
final class GoalTable {

  private final Results results;
  private final List<Peer> peers;
  private final List<Workload> workloads;

  GoalTable(Results results, List<Peer> peers, List<Workload> workloads) {
    this.results = results;
    this.peers = List.copyOf(peers);
    this.workloads = List.copyOf(workloads);
  }

  /** Returns nothing where nothing of the goals was measured. */
  List<String> lines(List<Goal> goals) {
    List<String> rows = goals.stream().flatMap(goal -> row(goal).stream()).toList();
    if (rows.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("| goal | who | is to be | is | |");
    lines.add("| --- | --- | --- | --- | --- |");
    lines.addAll(rows);
    lines.add("");
    return lines;
  }

  private Optional<String> row(Goal goal) {
    Optional<Workload> workload =
        workloads.stream().filter(one -> one.id().equals(goal.workload())).findFirst();
    Optional<Peer> peer = peer(goal.peer());
    if (workload.isEmpty() || peer.isEmpty()) {
      return Optional.empty();
    }
    return goal.kind() == Goal.Kind.AT_MOST
        ? ofItself(goal, workload.get(), peer.get())
        : besideOthers(goal, workload.get(), peer.get());
  }

  private Optional<Peer> peer(String name) {
    return peers.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  private Optional<String> ofItself(Goal goal, Workload workload, Peer peer) {
    return results
        .spread(workload, peer, goal.figure())
        .map(
            spread ->
                row(
                    title(goal, workload),
                    peer,
                    "at most " + Spread.short3(goal.bound()),
                    Spread.short3(spread.median()),
                    spread.median() <= goal.bound()));
  }

  private record Beside(Peer other, double ratio) {}

  /** The other that leaves the least counts. */
  private Optional<String> besideOthers(Goal goal, Workload workload, Peer peer) {
    Stream<Beside> beside =
        goal.others().stream()
            .flatMap(name -> peer(name).stream())
            .flatMap(
                other ->
                    results.ratio(workload, peer, other, goal.figure()).stream()
                        .map(spread -> new Beside(other, spread.median())));
    return beside
        .min(Comparator.comparingDouble(Beside::ratio))
        .map(
            least ->
                row(
                    title(goal, workload),
                    peer,
                    String.format(Locale.ROOT, "%.2fx ", goal.bound()) + least.other.title(),
                    String.format(Locale.ROOT, "%.2fx", least.ratio),
                    least.ratio >= goal.bound()));
  }

  private static String title(Goal goal, Workload workload) {
    String what = workload.table() + ", " + workload.title() + ", ";
    return what + (goal.figure().equals(Figures.MAIN) ? workload.unit() : goal.figure());
  }

  private static String row(String title, Peer peer, String bound, String is, boolean isMet) {
    String end = isMet ? "met" : "**missed**";
    return "| " + String.join(" | ", title, peer.title(), bound, is, end) + " |";
  }
}
