package dev.ashlar.examples.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds what evidence lacks; says all of it at once. */
final class Judgement {

  private final Evidence evidence;
  private final Mode mode;
  private final List<String> violations = new ArrayList<>();

  private Judgement(Evidence evidence, Mode mode) {
    this.evidence = evidence;
    this.mode = mode;
  }

  /** Returns the violations, in no words but names and ids. */
  static List<String> of(Evidence evidence, Mode mode) {
    Judgement judgement = new Judgement(evidence, mode);
    if (mode == Mode.CONTAINERS) {
      judgement.containers();
    } else {
      judgement.lists();
      judgement.rows();
      judgement.demands();
      judgement.twins();
      if (mode == Mode.FULL) {
        judgement.modules();
      }
    }
    return List.copyOf(new TreeSet<>(judgement.violations));
  }

  private void containers() {
    List<Line.Row> rows = evidence.allRows().filter(Line.Row::needsContainers).toList();
    for (Line.Row row : rows) {
      // What a subject does not promise stays skipped wherever the test runs.
      boolean denied = row.excuse().filter(excuse -> excuse.startsWith("denied")).isPresent();
      if (row.has(Line.Row.SKIPPED) && !denied) {
        violations.add(place(row) + " skipped, and containers are required: " + row.reason());
      }
    }
    evidence
        .allRows()
        .filter(row -> row.has(Line.Row.FAILED))
        .forEach(row -> violations.add(place(row) + " failed: " + row.reason()));
  }

  private void lists() {
    Set<String> seen = new HashSet<>();
    Set<String> kinds =
        evidence.subjects().stream()
            .flatMap(subject -> subject.kinds().stream())
            .collect(Collectors.toSet());
    for (Property property : evidence.properties()) {
      if (!seen.add(property.id())) {
        violations.add(property.id() + " is listed twice");
      }
      property.kinds().stream()
          .filter(kind -> !kinds.contains(kind))
          .forEach(
              kind -> violations.add(property.id() + ": no subject is expected of kind " + kind));
    }
  }

  private void rows() {
    Set<String> ids = ids(property -> true);
    Set<String> expected =
        evidence.subjects().stream().map(ExpectedSubject::subject).collect(Collectors.toSet());
    for (Evidence.Located located : evidence.rows()) {
      Line.Row row = located.row();
      if (!ids.contains(row.property())) {
        violations.add(place(row) + ": unknown property");
      }
      if (row.subject().isEmpty()) {
        violations.add(place(row) + " in " + located.module() + " names no subject");
      } else if (!expected.contains(row.subject())) {
        violations.add(place(row) + ": unknown subject");
      }
      if (row.has(Line.Row.FAILED)) {
        violations.add(place(row) + " failed: " + row.reason());
      }
      if (isSkippedThoughDeclared(row)) {
        violations.add(
            place(row) + " skipped though " + row.guarantee() + " is declared: " + row.reason());
      } else if (row.has(Line.Row.SKIPPED) && row.excuse().isEmpty()) {
        violations.add(place(row) + " skipped without an excuse: " + row.reason());
      }
    }
  }

  /** Tests that need containers report themselves skipped where there are none. */
  private static boolean isSkippedThoughDeclared(Line.Row row) {
    return row.has(Line.Row.SKIPPED)
        && row.guarantees().contains(row.guarantee())
        && !row.needsContainers();
  }

  private void demands() {
    for (ExpectedSubject subject : evidence.subjects()) {
      if (subject.isDemandedIn(mode)) {
        evidence.properties().stream()
            .filter(property -> subject.isOneOf(property.kinds()))
            .forEach(property -> demand(property, subject.subject()));
      }
    }
  }

  private void demand(Property property, String subject) {
    String ground =
        property.ground().map(guarantee -> "declared as " + guarantee).orElse("required");
    String what = property.id() + " for " + subject + ": " + ground + ", but ";
    switch (evidence.standing(property, subject)) {
      case MISSING -> violations.add(what + "no test proves it");
      case SKIPPED ->
          violations.add(
              what
                  + "skipped: "
                  + evidence.rows(property.id(), subject).stream()
                      .map(Line.Row::reason)
                      .distinct()
                      .collect(Collectors.joining("; ")));
      case PASSED, DENIED, FAILED -> {}
    }
  }

  private void twins() {
    Set<String> ids = ids(property -> true);
    Set<String> uncaught = ids(Property::isRequired);
    for (Line.Twin twin : evidence.twins()) {
      if (twin.isCaught()) {
        uncaught.remove(twin.property());
      } else {
        violations.add(twin.property() + " missed the twin " + twin.twin());
      }
      if (!ids.contains(twin.property())) {
        violations.add(twin.property() + " of the twin " + twin.twin() + ": unknown property");
      }
    }
    uncaught.forEach(id -> violations.add(id + " is required, but catches no twin"));
  }

  private void modules() {
    for (String module : evidence.silent()) {
      violations.add(module + ": its tests name subjects, but left no row");
    }
  }

  private Set<String> ids(Predicate<Property> wanted) {
    return evidence.properties().stream()
        .filter(wanted)
        .map(Property::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String place(Line.Row row) {
    return row.property() + " for " + row.subject() + " by " + row.test();
  }
}
