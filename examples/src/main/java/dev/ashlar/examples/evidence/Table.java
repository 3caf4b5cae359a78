package dev.ashlar.examples.evidence;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The form of {@code evidence.md}, for people: properties by subject, one table for each kind. */
final class Table {

  /** Ids sort by their number within their letters: QUEUE-9 before QUEUE-10. */
  private static final Comparator<Property> BY_ID =
      Comparator.comparing((Property property) -> property.id().replaceAll("\\d+$", ""))
          .thenComparingInt(property -> property.id().length())
          .thenComparing(Property::id);

  private final Evidence evidence;
  private final Mode mode;
  private final StringBuilder out = new StringBuilder();

  private Table(Evidence evidence, Mode mode) {
    this.evidence = evidence;
    this.mode = mode;
  }

  static String of(String commit, Evidence evidence, Mode mode, List<String> violations) {
    Table table = new Table(evidence, mode);
    table.head(commit, violations);
    evidence.properties().stream()
        .flatMap(property -> property.kinds().stream())
        .collect(Collectors.toCollection(TreeSet::new))
        .forEach(table::kind);
    table.skipped();
    table.twins();
    return table.out.toString();
  }

  private void head(String commit, List<String> violations) {
    out.append("# Evidence\n\n")
        .append("Commit `")
        .append(commit)
        .append("`, ")
        .append(mode)
        .append(" build. ")
        .append(totals(evidence))
        .append(".\n");
    if (mode == Mode.QUICK) {
      out.append("\nA quick build demands nothing of engines; their cells say so.\n");
    }
    if (!evidence.warnings().isEmpty()) {
      out.append("\n**Warnings** (denied, and perhaps for no reason):\n\n");
      evidence.warnings().forEach(warning -> out.append("- ").append(warning).append('\n'));
    }
    if (!violations.isEmpty()) {
      out.append("\n**Not proved:**\n\n");
      violations.forEach(violation -> out.append("- ").append(escaped(violation)).append('\n'));
    }
  }

  static String totals(Evidence evidence) {
    return evidence.properties().size()
        + " properties, "
        + evidence.rows().size()
        + " rows ("
        + evidence.count(Line.Row.PASSED)
        + " passed, "
        + evidence.count(Line.Row.FAILED)
        + " failed, "
        + evidence.count(Line.Row.SKIPPED)
        + " skipped), "
        + evidence.caught()
        + " twins caught, "
        + (evidence.twins().size() - evidence.caught())
        + " missed";
  }

  private void kind(String kind) {
    List<ExpectedSubject> subjects =
        evidence.subjects().stream().filter(subject -> subject.kinds().contains(kind)).toList();
    out.append("\n## ").append(kind).append("\n\n| id | property | needs |");
    subjects.forEach(subject -> out.append(' ').append(subject.subject()).append(" |"));
    out.append("\n|---|---|---|").append("---|".repeat(subjects.size())).append('\n');
    evidence.properties().stream()
        .filter(property -> property.kinds().contains(kind))
        .sorted(BY_ID)
        .forEach(property -> line(property, subjects));
  }

  private void line(Property property, List<ExpectedSubject> subjects) {
    out.append("| ")
        .append(property.id())
        .append(" | ")
        .append(escaped(property.wording()))
        .append(" | ")
        .append(property.ground().orElse("required"))
        .append(" |");
    subjects.forEach(subject -> out.append(' ').append(cell(property, subject)).append(" |"));
    out.append('\n');
  }

  private String cell(Property property, ExpectedSubject subject) {
    Evidence.Standing standing = evidence.standing(property, subject.subject());
    boolean unproved =
        standing == Evidence.Standing.MISSING || standing == Evidence.Standing.SKIPPED;
    return unproved && !subject.isDemandedIn(mode)
        ? "not demanded"
        : standing.name().toLowerCase(Locale.ROOT);
  }

  /** Every test that did not run, with what allows it not to. */
  private void skipped() {
    out.append("\n## Skipped\n\n| property | subject | test | excused by |\n|---|---|---|---|\n");
    evidence.skipped().stream()
        .map(Evidence.Located::row)
        .sorted(
            Comparator.comparing(Line.Row::property)
                .thenComparing(Line.Row::subject)
                .thenComparing(Line.Row::test))
        .forEach(
            row ->
                out.append("| ")
                    .append(row.property())
                    .append(" | ")
                    .append(row.subject())
                    .append(" | ")
                    .append(row.test())
                    .append(" | ")
                    .append(row.excuse().orElse("nothing"))
                    .append(" |\n"));
  }

  private void twins() {
    out.append("\n## Twins\n\n| property | twin | result |\n|---|---|---|\n");
    evidence.twins().stream()
        .sorted(Comparator.comparing(Line.Twin::property).thenComparing(Line.Twin::twin))
        .forEach(
            twin ->
                out.append("| ")
                    .append(twin.property())
                    .append(" | ")
                    .append(twin.twin())
                    .append(" | ")
                    .append(twin.result())
                    .append(" |\n"));
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }
}
