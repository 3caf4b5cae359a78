package dev.ashlar.examples.evidence;

import java.util.List;
import java.util.Optional;

/** One line of what the test kit's listener wrote in a module. */
sealed interface Line {

  /**
   * What one test proved of one subject.
   *
   * @param guarantee without which the test does not run; empty if it always does
   * @param guarantees what the subject declares
   * @param tags of the test, such as {@code engine} and {@code container}
   */
  record Row(
      String property,
      String subject,
      String test,
      String result,
      String reason,
      String guarantee,
      List<String> guarantees,
      List<String> tags)
      implements Line {

    static final String PASSED = "passed";
    static final String FAILED = "failed";
    static final String SKIPPED = "skipped";

    /** Checks the result. */
    public Row {
      check("result", result, List.of(PASSED, FAILED, SKIPPED));
    }

    boolean has(String wanted) {
      return result.equals(wanted);
    }

    boolean needsContainers() {
      return tags.contains("container");
    }

    /** Returns what allows the test to be skipped, if something does. */
    Optional<String> excuse() {
      if (!guarantee.isEmpty() && !guarantees.contains(guarantee)) {
        return Optional.of("denied: " + guarantee);
      }
      return needsContainers() ? Optional.of("needs containers") : Optional.empty();
    }
  }

  /** Whether a property caught a deliberately broken implementation. */
  record Twin(String property, String twin, String result) implements Line {

    static final String CAUGHT = "caught";
    static final String MISSED = "missed";

    /** Checks the result. */
    public Twin {
      check("result", result, List.of(CAUGHT, MISSED));
    }

    boolean isCaught() {
      return result.equals(CAUGHT);
    }
  }

  /** Whether a promise holds that a subject does not make. */
  record Probe(String guarantee, String subject, String result) implements Line {

    static final String HOLDS = "holds";
    static final String FAILS = "fails";

    /** Checks the result. */
    public Probe {
      check("result", result, List.of(HOLDS, FAILS));
    }

    boolean holds() {
      return result.equals(HOLDS);
    }
  }

  private static void check(String name, String value, List<String> expected) {
    if (!expected.contains(value)) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: one of " + expected + ")");
    }
  }
}
