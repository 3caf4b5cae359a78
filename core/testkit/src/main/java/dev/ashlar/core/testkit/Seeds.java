package dev.ashlar.core.testkit;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Chance that can be repeated: rounds of a randomized test, each from a seed that a failure names.
 *
 * <p>Without a setting every run draws other seeds. Where the system property {@value #PROPERTY} is
 * set, the first round has that seed, so that the number in a failure's message repeats the
 * failure.
 *
 * <p><b>Failures.</b> An {@link AssertionError} of a round comes out as one whose message begins
 * with the seed; anything else comes out as it is, with the seed in a suppressed note, because the
 * kind of failure matters to {@link Twins} and to JUnit.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <pre>{@code
 * Seeds.check(
 *     1000,
 *     (seed, random) -> {
 *       Bytes bytes = anyBytes(random);
 *       assertThat(codec.encode(codec.decode(bytes))).isEqualTo(bytes);
 *     });
 * }</pre>
 */
public final class Seeds {

  /** The system property that fixes the first seed. */
  public static final String PROPERTY = "ashlar.seed";

  private Seeds() {}

  /**
   * Returns the seed of a run: the property's, or a fresh one.
   *
   * @throws IllegalArgumentException if the property is not a number
   */
  public static long next() {
    String text = System.getProperty(PROPERTY, "");
    if (text.isEmpty()) {
      return new SplittableRandom().nextLong();
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(PROPERTY + ": " + text + " (expected: a number)", e);
    }
  }

  /** Returns the generator that belongs to a seed; each call returns a new one. */
  public static RandomGenerator random(long seed) {
    return new SplittableRandom(seed);
  }

  /**
   * Runs a test several times, each time with another seed.
   *
   * @param rounds how often, at least once
   * @param round what to run
   */
  public static void check(int rounds, Round round) throws Exception {
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: " + rounds + " (expected: >= 1)");
    }
    long first = next();
    for (int i = 0; i < rounds; i++) {
      long seed = first + i;
      String note = note(seed, i + 1, rounds);
      try {
        round.run(seed, random(seed));
      } catch (AssertionError e) {
        throw new AssertionError(note + ": " + e.getMessage(), e);
      } catch (Throwable e) {
        e.addSuppressed(new IllegalStateException(note));
        throw e;
      }
    }
  }

  private static String note(long seed, int round, int rounds) {
    return "round " + round + " of " + rounds + ", repeat with -D" + PROPERTY + "=" + seed;
  }

  /** One round of a randomized test. */
  @FunctionalInterface
  public interface Round {

    /**
     * Runs the round.
     *
     * @param seed names the round
     * @param random belongs to the seed; the only source of chance
     */
    void run(long seed, RandomGenerator random) throws Exception;
  }
}
