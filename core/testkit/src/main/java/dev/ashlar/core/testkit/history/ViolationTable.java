package dev.ashlar.core.testkit.history;

import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A violation for people: what could be explained so far, and what fits no longer. */
final class ViolationTable {

  /** What comes long before seldom matters. */
  private static final int PLACED_SHOWN = 12;

  private final Verdict.Violated violated;

  ViolationTable(Verdict.Violated violated) {
    this.violated = violated;
  }

  String text() {
    List<String> lines = new ArrayList<>();
    Operation<?, ?> last = violated.unexplained();
    lines.add(
        violated.key()
            + ": no order explains the answers up to "
            + seconds(last.span().ended())
            + ", "
            + last.input()
            + " by "
            + last.process());
    List<Verdict.Placed> placed = violated.placed();
    int hidden = Math.max(0, placed.size() - PLACED_SHOWN);
    lines.add(
        "An order that goes as far as any"
            + (hidden > 0 ? ", without its first " + hidden + " operations:" : ":"));
    List<List<String>> order = new ArrayList<>();
    order.add(List.of("began", "ended", "by", "asked", "answered", "state"));
    for (Verdict.Placed one : placed.subList(hidden, placed.size())) {
      order.add(row(one.operation(), one.state()));
    }
    lines.addAll(aligned(order));
    lines.add("What is left then:");
    List<List<String>> rest = new ArrayList<>();
    rest.add(List.of("began", "ended", "by", "asked", "answered", "by the model, next"));
    violated.left().forEach(one -> rest.add(row(one.operation(), one.output())));
    lines.addAll(aligned(rest));
    return String.join("\n", lines);
  }

  private static List<String> row(Operation<?, ?> operation, Object end) {
    Span span = operation.span();
    return List.of(
        seconds(span.began()),
        span.isOpen() ? "open" : seconds(span.ended()),
        operation.process(),
        String.valueOf(operation.input()),
        operation.outcome() instanceof Outcome.Answered<?> answered
            ? String.valueOf(answered.output())
            : "unknown",
        String.valueOf(end));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.9f", nanos / 1e9);
  }

  private static List<String> aligned(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append("  ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
