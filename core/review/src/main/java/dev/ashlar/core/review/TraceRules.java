package dev.ashlar.core.review;

import java.util.List;
import java.util.Set;

/**
 * The rules of tracing that compiled classes show.
 *
 * <p>TRACE-R2 and TRACE-R5 are not here: when a context is taken, and where a text came from, is
 * for the review.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class TraceRules {

  /** Work that crosses threads carries a snapshot. */
  public static final ReviewRule TRACE_R1 =
      rule(
          "TRACE-R1",
          "work for another thread MUST be wrapped by ContextSnapshot, or given to its executor",
          threadsBut(Jdk.SHUTDOWN_HOOK)
              .and(
                  Search.uses(
                      "a pool that gets no context", TraceRules::namesNoExecutor, Jdk.FUTURES))
              .and(
                  code ->
                      Search.usesIn(
                          code,
                          code.bodies(body -> !code.uses(body, Ashlar.CARRYING)),
                          "a pool that gets no context",
                          Jdk.EXECUTORS)));

  /** The log's context is given back as it was. */
  public static final ReviewRule TRACE_R3 =
      rule(
          "TRACE-R3",
          "the MDC MUST be changed within a scope that restores all of it",
          code -> {
            Set<Body> scopes =
                code.reachedFrom(
                    code.bodies(body -> code.uses(body, Ashlar.TRACING_SCOPES))
                        .flatMap(body -> code.lambdasOf(body, shape -> true)));
            return Search.usesIn(
                code,
                code.bodies(body -> !scopes.contains(body)),
                "a change of the MDC outside of a scope",
                Jdk.LOG_CONTEXT);
          });

  /** Ids do not depend on the tracer. */
  public static final ReviewRule TRACE_R4 =
      rule(
          "TRACE-R4",
          "the id that people use MUST be the correlation id, not the trace id",
          Search.uses("a trace id that is taken out", Jdk.TRACE_ID));

  /** All of them, in the order of their ids. */
  public static final List<ReviewRule> ALL = List.of(TRACE_R1, TRACE_R3, TRACE_R4);

  private TraceRules() {}

  private static ReviewRule rule(String id, String sentence, Search search) {
    return ReviewRule.of("tracing", id, sentence, search);
  }

  private static boolean namesNoExecutor(Body.Use use) {
    return !use.descriptor().contains("Ljava/util/concurrent/Executor;");
  }

  /** What runs when the process ends belongs to no request. */
  private static Search threadsBut(Target hook) {
    return code ->
        Search.usesIn(
            code,
            code.bodies(body -> !code.uses(body, hook)),
            "a thread that gets no context",
            Jdk.BARE_THREADS);
  }
}
