package dev.ashlar.examples.evidence;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All that a build proved, and all that it was expected to prove.
 *
 * @param probes of promises that subjects do not make
 * @param silent modules whose tests name subjects and left no row
 */
record Evidence(
    List<Property> properties,
    List<ExpectedSubject> subjects,
    List<Located> rows,
    List<Line.Twin> twins,
    List<Line.Probe> probes,
    List<String> silent) {

  /**
   * A row with the module that it comes from.
   *
   * @param module the folder
   */
  record Located(String module, Line.Row row) {}

  Stream<Line.Row> allRows() {
    return rows.stream().map(Located::row);
  }

  List<Line.Row> rows(String property, String subject) {
    return allRows()
        .filter(row -> row.property().equals(property) && row.subject().equals(subject))
        .toList();
  }

  /** Returns what a subject declares, in any of its tests. */
  Set<String> declaredBy(String subject) {
    Set<String> declared = new TreeSet<>();
    allRows()
        .filter(row -> row.subject().equals(subject))
        .forEach(row -> declared.addAll(row.guarantees()));
    return declared;
  }

  long count(String result) {
    return allRows().filter(row -> row.has(result)).count();
  }

  long caught() {
    return twins.stream().filter(Line.Twin::isCaught).count();
  }

  /** Returns the rows that were skipped, each with what allows it. */
  List<Located> skipped() {
    return rows.stream().filter(located -> located.row().has(Line.Row.SKIPPED)).toList();
  }

  /** Returns what a subject denies that held when it was tried; no defect, but worth a look. */
  List<String> warnings() {
    return probes.stream()
        .filter(probe -> probe.holds() && !declaredBy(probe.subject()).contains(probe.guarantee()))
        .map(
            probe ->
                probe.guarantee()
                    + " for "
                    + probe.subject()
                    + ": denied, but its tests passed when they were tried")
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns how one property stands for one subject. */
  Standing standing(Property property, String subject) {
    List<Line.Row> found = rows(property.id(), subject);
    if (found.stream().anyMatch(row -> row.has(Line.Row.FAILED))) {
      return Standing.FAILED;
    }
    if (found.stream().anyMatch(row -> row.has(Line.Row.PASSED))) {
      return Standing.PASSED;
    }
    Set<String> declared = declaredBy(subject);
    if (property.ground().filter(ground -> !declared.contains(ground)).isPresent()) {
      return Standing.DENIED;
    }
    return found.isEmpty() ? Standing.MISSING : Standing.SKIPPED;
  }

  /** How a property stands for a subject. */
  enum Standing {
    /** Proved. */
    PASSED,
    /** Not promised: the subject does not declare the guarantee. */
    DENIED,
    /** Its tests were skipped though it is demanded. */
    SKIPPED,
    /** No test proves it. */
    MISSING,
    /** Refuted. */
    FAILED
  }
}
