package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.testkit.Seeds;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A failed run, reduced to the faults that it needs.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param run with the faults that are left, and cut off where it has failed
 * @param needed which of the drawn faults these are, counted from 1
 * @param drawn how many the seed had drawn
 * @param isRepeatable whether the same seed and faults failed twice; if not, the scenario has
 *     chance or time of its own, and nothing could be left out
 */
public record Failure(Run run, List<Integer> needed, int drawn, boolean isRepeatable) {

  /** Copies. */
  public Failure {
    requireNonNull(run, "run");
    needed = List.copyOf(needed);
  }

  /** Returns how to repeat it, and what happened. */
  public String describe() {
    return "failed with "
        + needed.size()
        + " of "
        + drawn
        + " faults; repeat with "
        + replay()
        + ", or all of them with -D"
        + Seeds.PROPERTY
        + "="
        + run.seed()
        + (isRepeatable ? "" : "\nIT DID NOT REPEAT: the scenario has chance or time of its own")
        + "\n"
        + run.describe();
  }

  private String replay() {
    String numbers = needed.stream().map(number -> ", " + number).collect(Collectors.joining());
    return "replay(" + run.seed() + "L" + numbers + ")";
  }
}
