package dev.ashlar.tracing.collate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * Three layers, the strongest first:
 *
 *   1. the lines of one process stand in the order of their numbers
 *   2. a sending stands before what it caused, the end of an answer before the end of the call
 *   3. time decides between lines that neither of these orders
 *
 * This is a topological order (A. B. Kahn, "Topological sorting of large networks", 1962) in which of
 * all lines that may come next the earliest one does. Where lines contradict each other, so that each
 * waits for another, the earliest of all is taken and counted: a timeline with a note is better than
 * none.
 */

/** Puts lines into an order in which causes come before effects. */
final class CausalOrder {

  private final Map<LogLine, Set<LogLine>> after = new HashMap<>();
  private final Map<LogLine, Set<LogLine>> causes = new HashMap<>();
  private final Map<LogLine, Integer> waitsFor = new HashMap<>();
  private final List<LogLine> ordered = new ArrayList<>();
  private int contradictions;

  private CausalOrder() {}

  static CausalOrder of(List<LogLine> lines, RequestTree tree) {
    CausalOrder order = new CausalOrder();
    lines.forEach(line -> order.waitsFor.put(line, 0));
    order.addProcesses(lines);
    tree.roots().forEach(root -> order.addEffects(tree, root));
    order.sort();
    return order;
  }

  List<LogLine> lines() {
    return List.copyOf(ordered);
  }

  /** Returns how many lines stand before one that they should follow. */
  int contradictions() {
    return contradictions;
  }

  /** Returns whether a line's time is before that of the line in another process that caused it. */
  boolean isBeforeItsCause(LogLine line) {
    return line.time().isPresent()
        && causes.getOrDefault(line, Set.of()).stream()
            .map(LogLine::time)
            .flatMap(Optional::stream)
            .anyMatch(cause -> cause.isAfter(line.time().get()));
  }

  private void addProcesses(List<LogLine> lines) {
    Map<String, List<LogLine>> processes = new TreeMap<>();
    for (LogLine line : lines) {
      if (line.hasPlace()) {
        processes.computeIfAbsent(line.get(LogLine.PROCESS), key -> new ArrayList<>()).add(line);
      }
    }
    for (List<LogLine> process : processes.values()) {
      process.sort(Comparator.comparingLong(LogLine::seq));
      for (int i = 1; i < process.size(); i++) {
        add(process.get(i - 1), process.get(i));
      }
    }
  }

  private void addEffects(RequestTree tree, RequestTree.Request start) {
    List<RequestTree.Request> left = new ArrayList<>(List.of(start));
    while (!left.isEmpty()) {
      RequestTree.Request cause = left.remove(left.size() - 1);
      Map<String, LogLine> sendings = new HashMap<>();
      cause.outgoing().forEach(line -> sendings.putIfAbsent(line.get(LogLine.TARGET), line));
      LogLine any = cause.outgoing().stream().findFirst().orElseGet(cause::first);
      Optional<LogLine> callEnd = tree.endOfOnlyCall(cause);
      for (RequestTree.Request effect : tree.effects(cause)) {
        LogLine first = effect.first();
        addCause(sendings.getOrDefault(first.get(LogLine.TARGET), any), first);
        Optional<LogLine> end = effect.end();
        if (effect.isCalled() && end.isPresent() && callEnd.isPresent()) {
          addCause(end.get(), callEnd.get());
        }
        left.add(effect);
      }
    }
  }

  private void addCause(LogLine cause, LogLine effect) {
    add(cause, effect);
    causes.computeIfAbsent(effect, key -> new HashSet<>()).add(cause);
  }

  private void add(LogLine before, LogLine behind) {
    boolean fresh = after.computeIfAbsent(before, key -> new HashSet<>()).add(behind);
    if (fresh && !before.equals(behind)) {
      waitsFor.merge(behind, 1, Integer::sum);
    }
  }

  private void sort() {
    PriorityQueue<LogLine> ready = new PriorityQueue<>(LogLine.BY_TIME);
    TreeSet<LogLine> waiting = new TreeSet<>(LogLine.BY_TIME);
    waitsFor.forEach((line, count) -> (count == 0 ? ready : waiting).add(line));
    while (!ready.isEmpty() || !waiting.isEmpty()) {
      if (ready.isEmpty()) {
        contradictions++;
        ready.add(waiting.pollFirst());
      }
      LogLine next = ready.remove();
      ordered.add(next);
      for (LogLine behind : after.getOrDefault(next, Set.of())) {
        int count = waitsFor.merge(behind, -1, Integer::sum);
        if (count == 0 && waiting.remove(behind)) {
          ready.add(behind);
        }
      }
    }
  }
}
