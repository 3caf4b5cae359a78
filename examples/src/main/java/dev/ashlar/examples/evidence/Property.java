package dev.ashlar.examples.evidence;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One property, as a test kit lists it.
 *
 * @param need {@code R} for required of every subject of the kind (a note may follow a colon), or
 *     {@code C:guarantee} for required of those that declare the guarantee
 * @param kind of the subjects that must have it
 * @param also further kinds of subjects that must have it, each for its own part
 */
record Property(String id, String wording, String need, String kind, Optional<List<String>> also) {

  private static final String CONDITIONAL = "C:";

  Property {
    if (!need.equals("R") && !need.startsWith("R:") && !need.startsWith(CONDITIONAL)) {
      throw new IllegalArgumentException(id + ": need " + need + " (expected: R or C:guarantee)");
    }
  }

  /** Returns every kind of subject that must have the property. */
  List<String> kinds() {
    return Stream.concat(Stream.of(kind), also.stream().flatMap(List::stream)).toList();
  }

  /** Returns the guarantee on whose ground alone the property is required. */
  Optional<String> ground() {
    return need.startsWith(CONDITIONAL)
        ? Optional.of(need.substring(CONDITIONAL.length()))
        : Optional.empty();
  }

  boolean isRequired() {
    return ground().isEmpty();
  }
}
