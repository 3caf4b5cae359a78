package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One run of a simulation, and what came of it.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param seed of all chance in it
 * @param faults that happened in it
 * @param steps that its places took
 * @param violation what was thrown, by a step, an invariant or the check at the end
 * @param lastEvents in words
 */
public record Run(
    long seed,
    List<Fault> faults,
    long steps,
    Optional<Throwable> violation,
    List<String> lastEvents) {

  /** Copies. */
  public Run {
    faults = List.copyOf(faults);
    requireNonNull(violation, "violation");
    lastEvents = List.copyOf(lastEvents);
  }

  /** Returns whether everything held. */
  public boolean isGood() {
    return violation.isEmpty();
  }

  /**
   * Demands that everything held.
   *
   * @throws AssertionError that tells of the run if something did not
   */
  public void orThrow() {
    if (violation.isPresent()) {
      throw new AssertionError(describe(), violation.get());
    }
  }

  /** Returns the faults, the violation and the last events, a line each. */
  public String describe() {
    List<String> lines = new ArrayList<>();
    lines.add("seed " + seed + ", " + steps + " steps");
    faults.forEach(fault -> lines.add("  " + fault.describe()));
    lines.add("violation:");
    String what = violation.map(Run::words).orElse("none");
    what.lines().forEach(line -> lines.add("  " + line));
    lines.add("last events:");
    lastEvents.forEach(event -> lines.add("  " + event));
    return String.join("\n", lines);
  }

  private static String words(Throwable violation) {
    // The message of a plain failed assertion says more than its class.
    return violation.getClass() == AssertionError.class && violation.getMessage() != null
        ? violation.getMessage()
        : violation.toString();
  }
}
