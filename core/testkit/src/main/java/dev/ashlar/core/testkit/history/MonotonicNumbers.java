package dev.ashlar.core.testkit.history;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers that only go up: tokens of grants, floors of resources, tokens of accepted writes.
 *
 * <p>Checked in nearly linear time, so before any search for a linearization, and said in fewer
 * words.
 *
 * <p><b>Guarantees.</b> A violation is two sightings of which the first was over when the second
 * began, and the number of the second is smaller (or equal, where numbers must increase); or, where
 * numbers must increase, one number that was seen twice.
 *
 * <p><b>Failures.</b> {@link IllegalStateException} once it is full.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value #SIGHTINGS_MAX} sightings, about a hundred megabytes of them.
 *
 * <pre>{@code
 * MonotonicNumbers tokens = MonotonicNumbers.increasing("token of a grant");
 * tokens.add("nightly", "host-a", 7);
 * long began = tokens.begin();
 * long token = grantedTo("host-b");
 * tokens.add(began, "nightly", "host-b", token);
 * tokens.orThrow();
 * }</pre>
 */
public final class MonotonicNumbers {

  /** The most sightings. */
  public static final int SIGHTINGS_MAX = 1_000_000;

  private final String what;
  private final boolean strictly;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final Map<String, List<Sighting>> sightings = new LinkedHashMap<>();
  private int count;
  private long moments;

  private MonotonicNumbers(String what, boolean strictly) {
    this.what = requireNonNull(what, "what");
    this.strictly = strictly;
  }

  /**
   * Returns numbers each of which must be larger than all before.
   *
   * @param what named in a violation
   */
  public static MonotonicNumbers increasing(String what) {
    return new MonotonicNumbers(what, true);
  }

  /**
   * Returns numbers that may stay, and must not fall.
   *
   * @param what named in a violation
   */
  public static MonotonicNumbers neverFalling(String what) {
    return new MonotonicNumbers(what, false);
  }

  /** Returns a moment later than all before; read it before a call, and hand it to {@code add}. */
  public long begin() {
    synchronized (lock) {
      return ++moments;
    }
  }

  /**
   * Adds a number that was seen now, at the place where it is made.
   *
   * @param of what the number belongs to: only numbers of one thing are compared
   * @param by who saw it, for people to read
   * @param number the number
   */
  public void add(String of, String by, long number) {
    add(begin(), of, by, number);
  }

  /**
   * Adds a number that a call gave which ends now.
   *
   * @param began from {@link #begin}
   * @param of what the number belongs to: only numbers of one thing are compared
   * @param by who saw it, for people to read
   * @param number the number
   */
  public void add(long began, String of, String by, long number) {
    synchronized (lock) {
      if (count == SIGHTINGS_MAX) {
        throw new IllegalStateException(
            what + ": full (expected: fewer than " + SIGHTINGS_MAX + " sightings)");
      }
      count++;
      sightings
          .computeIfAbsent(of, name -> new ArrayList<>())
          .add(new Sighting(of, by, number, new Span(began, ++moments)));
    }
  }

  /** Returns the first violation of the first thing that has one, in a sentence. */
  public Optional<String> violation() {
    synchronized (lock) {
      return sightings.values().stream().map(this::violation).flatMap(Optional::stream).findFirst();
    }
  }

  /**
   * Demands that there is no violation.
   *
   * @throws AssertionError with the sentence if there is one
   */
  public void orThrow() {
    violation()
        .ifPresent(
            sentence -> {
              throw new AssertionError(sentence);
            });
  }

  /** The sightings pass as they began; of those that were over by then the largest counts. */
  private Optional<String> violation(List<Sighting> ofOne) {
    List<Sighting> byBegin = new ArrayList<>(ofOne);
    byBegin.sort(Comparator.comparingLong(sighting -> sighting.span().began()));
    List<Sighting> byEnd = new ArrayList<>(ofOne);
    byEnd.sort(Comparator.comparingLong(sighting -> sighting.span().ended()));
    Map<Long, Sighting> seen = new LinkedHashMap<>();
    int over = 0;
    Optional<Sighting> largest = Optional.empty();
    for (Sighting sighting : byBegin) {
      while (byEnd.get(over).span().isBefore(sighting.span())) {
        Sighting passed = byEnd.get(over++);
        if (largest.isEmpty() || largest.get().number() < passed.number()) {
          largest = Optional.of(passed);
        }
      }
      Sighting twin = strictly ? seen.put(sighting.number(), sighting) : null;
      if (twin != null) {
        return Optional.of(sentence(twin, sighting));
      }
      if (largest.filter(before -> before.number() > sighting.number()).isPresent()) {
        return Optional.of(sentence(largest.get(), sighting));
      }
    }
    return Optional.empty();
  }

  private String sentence(Sighting before, Sighting after) {
    return what
        + " of "
        + after.of()
        + ": "
        + after.number()
        + " by "
        + after.by()
        + " after "
        + before.number()
        + " by "
        + before.by()
        + " (expected: "
        + (strictly ? "above " : "at least ")
        + before.number()
        + ")";
  }

  private record Sighting(String of, String by, long number, Span span) {}
}
