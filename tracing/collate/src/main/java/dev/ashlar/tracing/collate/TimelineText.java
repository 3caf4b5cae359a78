package dev.ashlar.tracing.collate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Prints a timeline. Everything that came in is escaped: logs may hold anything. */
final class TimelineText {

  private static final int DEPTH_MAX = 32;
  private static final String UNKNOWN = "?";

  private final String id;
  private final RequestTree tree;
  private final CausalOrder order;
  private final Counts counts;
  private final Map<String, Integer> depths = new HashMap<>();
  private final StringBuilder out = new StringBuilder();

  TimelineText(String id, RequestTree tree, CausalOrder order, Counts counts) {
    this.id = id;
    this.tree = tree;
    this.order = order;
    this.counts = counts;
  }

  @Override
  public String toString() {
    out.setLength(0);
    line("correlation " + id);
    printTree();
    printLines();
    printNotes();
    return out.toString();
  }

  private void printTree() {
    line("");
    line("requests");
    Deque<Placed> left = new ArrayDeque<>();
    pushAll(left, tree.roots(), 0);
    while (!left.isEmpty()) {
      Placed next = left.pop();
      depths.put(next.request().id(), next.depth());
      line("  " + indent(next.depth()) + describe(next.request()));
      for (String missing : unanswered(next.request())) {
        line("  " + indent(next.depth() + 1) + missing);
      }
      pushAll(left, tree.effects(next.request()), next.depth() + 1);
    }
  }

  private static void pushAll(Deque<Placed> left, List<RequestTree.Request> requests, int depth) {
    for (int i = requests.size() - 1; i >= 0; i--) {
      left.push(new Placed(requests.get(i), depth));
    }
  }

  private static String describe(RequestTree.Request request) {
    LogLine first = request.first();
    String what = request.entry().map(line -> " " + shown(line, LogLine.TARGET)).orElse("");
    String end = request.end().map(TimelineText::outcome).orElse(", no end was logged");
    return shown(first, LogLine.SERVICE) + what + end + "  [" + printable(request.id()) + "]";
  }

  private static String outcome(LogLine end) {
    return ", "
        + shown(end, LogLine.OUTCOME)
        + duration(end)
        + (end.get(LogLine.ERROR).isEmpty() ? "" : ", " + shown(end, LogLine.ERROR));
  }

  private static String duration(LogLine line) {
    return line.duration().isEmpty()
        ? ""
        : " in " + millis(Duration.ofNanos(line.duration().getAsLong())) + " ms";
  }

  /** Sendings that nobody has logged the arrival of. */
  private List<String> unanswered(RequestTree.Request request) {
    List<String> missing = new ArrayList<>();
    Map<String, Long> arrived = new HashMap<>();
    for (RequestTree.Request effect : tree.effects(request)) {
      arrived.merge(effect.first().get(LogLine.TARGET), 1L, Long::sum);
    }
    request.outgoing().stream()
        .filter(line -> line.isEvent("message.sent"))
        .map(line -> line.get(LogLine.TARGET))
        .distinct()
        .filter(target -> !arrived.containsKey(target))
        .forEach(
            target -> missing.add("(sent to " + printable(target) + ", no line of its arrival)"));
    return missing;
  }

  private void printLines() {
    line("");
    line("lines, in milliseconds from the earliest by each process's own clock");
    Optional<Instant> start =
        order.lines().stream().map(LogLine::time).flatMap(Optional::stream).min(Instant::compareTo);
    int width =
        order.lines().stream()
            .mapToInt(each -> shown(each, LogLine.SERVICE).length())
            .max()
            .orElse(0);
    for (LogLine each : order.lines()) {
      String service = shown(each, LogLine.SERVICE);
      int depth = depths.getOrDefault(each.get(LogLine.REQUEST), 0);
      line(
          offset(each, start)
              + (order.isBeforeItsCause(each) ? "* " : "  ")
              + service
              + " ".repeat(width - service.length() + 2)
              + indent(depth)
              + text(each));
    }
  }

  private static String offset(LogLine line, Optional<Instant> start) {
    String text =
        line.time().isPresent() && start.isPresent()
            ? "+" + millis(Duration.between(start.get(), line.time().get()))
            : UNKNOWN;
    return " ".repeat(Math.max(0, 12 - text.length())) + text;
  }

  private static String text(LogLine line) {
    if (line.get(LogLine.EVENT).isEmpty()) {
      return shown(line, LogLine.LEVEL) + " " + printable(line.get(LogLine.MESSAGE));
    }
    String end = line.get(LogLine.OUTCOME).isEmpty() ? "" : outcome(line);
    return shown(line, LogLine.EVENT) + " " + shown(line, LogLine.TARGET) + end;
  }

  private void printNotes() {
    line("");
    line("lines " + counts.selected() + ", requests " + tree.size());
    line(
        "read "
            + counts.lines()
            + ": others "
            + counts.others()
            + ", copies "
            + counts.duplicates()
            + ", unreadable "
            + counts.unreadable()
            + ", too long "
            + counts.tooLong());
    if (order.lines().stream().anyMatch(order::isBeforeItsCause)) {
      line("* by its own clock before its cause: the clocks of two processes differ");
    }
    if (order.contradictions() > 0) {
      line(
          "lines that contradict the order of causes, and stand where time puts them: "
              + order.contradictions());
    }
  }

  private static String shown(LogLine line, String field) {
    String text = line.get(field);
    return text.isEmpty() ? UNKNOWN : printable(text);
  }

  private static String millis(Duration duration) {
    // Nanoseconds of more than 292 years, which a broken clock can claim, do not fit a long.
    long micros = duration.getSeconds() * 1_000_000 + duration.getNano() / 1000;
    return String.format(Locale.ROOT, "%d.%03d", micros / 1000, Math.abs(micros % 1000));
  }

  private static String indent(int depth) {
    return "  ".repeat(Math.min(depth, DEPTH_MAX));
  }

  static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c <= '~') {
        printable.append(c);
      } else {
        printable.append("\\u").append(HexFormat.of().toHexDigits(c));
      }
    }
    return printable.toString();
  }

  private void line(String text) {
    out.append(text.stripTrailing()).append('\n');
  }

  private record Placed(RequestTree.Request request, int depth) {}
}
