package dev.ashlar.core.review;

import java.util.List;

/**
 * The rules of calls that compiled classes show.
 *
 * <p>CALL-R1 and CALL-R3 are not here: which context is handed on, and whether a call is as good
 * twice as once, is for the review.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class CallRules {

  /** A pipeline, and the budget in it, outlives the call. */
  public static final ReviewRule CALL_R2 =
      ReviewRule.of(
          "resilience",
          "CALL-R2",
          "retries MUST have a budget over all calls, so a pipeline is kept and not made per call",
          code ->
              Search.usesIn(
                  code,
                  code.bodies(body -> code.uses(body, Ashlar.PIPELINE_CALLS)),
                  "a pipeline made where it is called",
                  Ashlar.PIPELINE));

  /** Who was given a deadline begins no new one. */
  public static final ReviewRule CALL_R4 =
      ReviewRule.of(
          "resilience",
          "CALL-R4",
          "what is called MUST get what is left of its caller's deadline",
          code ->
              Search.usesIn(
                  code,
                  code.bodies(body -> body.takes(Ashlar.CALL_CONTEXT)),
                  "a fresh deadline beside a given one",
                  Ashlar.FRESH_DEADLINE));

  /** All of them, in the order of their ids. */
  public static final List<ReviewRule> ALL = List.of(CALL_R2, CALL_R4);

  private CallRules() {}
}
