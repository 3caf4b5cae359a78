package dev.ashlar.core.review;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rules of leases that compiled classes show.
 *
 * <p>LEASE-R1, LEASE-R2 and LEASE-R4 are not here: that every write goes through a guard, that
 * reading follows the claim, and when a clock is read relative to a request is for the review.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class LeaseRules {

  /** No wall clock decides whether a lease is held. */
  public static final ReviewRule LEASE_R3 =
      ReviewRule.of(
          "leases",
          "LEASE-R3",
          "the end of a lease MUST be judged by the elapsed clock",
          code -> {
            Stream<Body> holders = code.bodies(body -> code.uses(body, Ashlar.LEASE));
            return holders.flatMap(
                body ->
                    body.uses().stream()
                        .filter(use -> isWallClock(code, body, use))
                        .map(use -> Finding.of(body, use.line(), "a wall clock beside a lease")));
          });

  /** All of them. */
  public static final List<ReviewRule> ALL = List.of(LEASE_R3);

  private LeaseRules() {}

  private static boolean isWallClock(Code code, Body body, Body.Use use) {
    return code.hits(body, use, Ashlar.WALL_TIME) || code.hits(body, use, Jdk.WALL_CLOCKS);
  }
}
