package dev.ashlar.core.review;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules of messaging that compiled classes show.
 *
 * <p>MSG-R1, MSG-R2 and MSG-R16 are not here: only a reviewer sees which effects must happen once,
 * which two writes belong together, and what a query polls for.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class MessagingRules {

  private static final Target[] WAITS =
      Stream.concat(Stream.of(Jdk.WAITS), Stream.of(Ashlar.WAIT)).toArray(Target[]::new);

  /** No message is sent while a database transaction is open, but through an outbox. */
  public static final ReviewRule MSG_R3 =
      rule(
          "MSG-R3",
          "code that runs in a database transaction MUST NOT send; it adds to an outbox",
          code ->
              Search.usesIn(
                  code,
                  code.reachedFrom(code.bodies(body -> isInTransaction(code, body))).stream(),
                  "a sending within a database transaction",
                  Ashlar.SENDS));

  /** A message is not settled before its effect. */
  public static final ReviewRule MSG_R4 =
      rule(
          "MSG-R4",
          "a message MUST NOT be settled before its effect is durable",
          Search.uses("a consumer that settles before it handles", Ashlar.AT_MOST_ONCE));

  /** Whatever holds work has a bound. */
  public static final ReviewRule MSG_R5 =
      rule(
          "MSG-R5",
          "every queue between threads or processes MUST have a bound",
          Search.uses("a queue without a bound", use -> use.parameters() == 0, Jdk.BOUND_IF_GIVEN)
              .and(
                  Search.uses(
                      "a queue without a bound",
                      use -> use.parameters() == 1 && use.descriptor().contains("Collection"),
                      Jdk.BOUND_IF_GIVEN))
              .and(Search.uses("a queue that has no bound", Jdk.NEVER_BOUND))
              .and(Search.uses("a pool whose queue or threads have no bound", Jdk.UNBOUND_POOLS)));

  /** Every result of a sending is looked at. */
  public static final ReviewRule MSG_R6 =
      rule(
          "MSG-R6",
          "the result of every send and append MUST be looked at",
          code ->
              code.bodies()
                  .flatMap(
                      body ->
                          body.uses().stream()
                              .filter(use -> use.dropped() && isResult(code, body, use))
                              .map(use -> Finding.of(body, use.line(), "a dropped result"))));

  /** A handler does not wait; it asks to be called again. */
  public static final ReviewRule MSG_R7 =
      rule(
          "MSG-R7",
          "a handler MUST NOT sleep or spin; it returns Outcome.Retry with a delay",
          code -> Search.usesIn(code, handlers(code), "a wait in a handler", WAITS));

  /** Somebody looks at dead letters. */
  public static final ReviewRule MSG_R8 =
      rule(
          "MSG-R8",
          "who consumes MUST look at the dead letters, or have an alarm on their number",
          code ->
              code.bodies()
                      .anyMatch(body -> code.uses(body, Ashlar.DEAD_LETTERS, Ashlar.DEPTH_DEAD))
                  ? Stream.empty()
                  : Search.usesIn(
                      code,
                      code.bodies(),
                      "a consumer, while nothing here asks for dead letters,",
                      Ashlar.CONSUMER));

  /** A position of a log is opaque. */
  public static final ReviewRule MSG_R9 =
      rule(
          "MSG-R9",
          "a position of a log MUST be treated as opaque: compared, printed, parsed back",
          Search.uses("a position taken apart or made up", Ashlar.POSITION));

  /** Only the tracker of handled records commits. */
  public static final ReviewRule MSG_R10 =
      rule(
          "MSG-R10",
          "a group's progress MUST be committed by LogConsumer, which tracks what is handled",
          Search.uses("a commit by hand", Ashlar.COMMITS));

  /** Who decides upon a stream says which end was read. */
  public static final ReviewRule MSG_R11 =
      rule(
          "MSG-R11",
          "who decides upon a stream MUST append with the end that was read",
          code -> {
            Set<String> readers =
                code.bodies(body -> code.uses(body, Ashlar.STREAM_READ))
                    .map(Body::type)
                    .collect(Collectors.toSet());
            return Search.usesIn(
                code,
                code.bodies(body -> readers.contains(body.type())),
                "an append to any end, by a class that reads streams,",
                Ashlar.ANY_END,
                Ashlar.ANY_END_MADE);
          });

  /** The id of a message is that of the decision to send it. */
  public static final ReviewRule MSG_R12 =
      rule(
          "MSG-R12",
          "a message's id MUST be made once, with what it tells of, and not in each attempt",
          MessagingRules::idsOfAttempts);

  /** Where keys are used, somebody has decided what follows a dead letter of a key. */
  public static final ReviewRule MSG_R13 =
      rule(
          "MSG-R13",
          "where messages have keys, a queue's DeadKey MUST be chosen, also if it is skip()",
          code ->
              code.bodies().noneMatch(body -> code.uses(body, Ashlar.MESSAGE_KEY))
                  ? Stream.empty()
                  : Search.usesIn(
                      code,
                      code.bodies(body -> !code.uses(body, Ashlar.DEAD_KEY)),
                      "options of a queue without a DeadKey, while keys are used,",
                      Ashlar.QUEUE_OPTIONS));

  /** An interrupt is passed on. */
  public static final ReviewRule MSG_R14 =
      rule(
          "MSG-R14",
          "a handler MUST NOT swallow an InterruptedException",
          code ->
              handlers(code)
                  .flatMap(
                      body ->
                          body.catches().stream()
                              .filter(Body.Caught::swallowsAnInterrupt)
                              .map(
                                  each -> Finding.of(body, each.line(), "a swallowed interrupt"))));

  /** Less than the safest durability has a reason. */
  public static final ReviewRule MSG_R15 =
      rule(
          "MSG-R15",
          "a durability below ON_APPEND MUST be chosen with a reason that says what may be lost",
          Search.uses("a durability that may lose what was acknowledged", Ashlar.WEAK_DURABILITY));

  /** An inbox remembers for as long as a message can come. */
  public static final ReviewRule MSG_R17 =
      rule(
          "MSG-R17",
          "an inbox's horizon MUST be that of the queue it stands behind",
          code ->
              Search.usesIn(
                  code,
                  code.bodies(body -> !code.uses(body, Ashlar.HORIZON)),
                  "a horizon that no queue was asked for",
                  Ashlar.INBOX_OPTIONS));

  /** All of them, in the order of their ids. */
  public static final List<ReviewRule> ALL =
      List.of(
          MSG_R3, MSG_R4, MSG_R5, MSG_R6, MSG_R7, MSG_R8, MSG_R9, MSG_R10, MSG_R11, MSG_R12,
          MSG_R13, MSG_R14, MSG_R15, MSG_R17);

  private MessagingRules() {}

  private static ReviewRule rule(String id, String sentence, Search search) {
    return ReviewRule.of("messaging", id, sentence, search);
  }

  private static Stream<Body> handlers(Code code) {
    return code.reachedFrom(code.bodies(body -> body.returns(Ashlar.OUTCOME))).stream();
  }

  private static boolean isInTransaction(Code code, Body body) {
    boolean constructor = body.name().equals("<init>");
    return (body.takes("java.sql.Connection") && !constructor) || isTransactional(code, body);
  }

  /** The annotation has the same name in Spring, Jakarta and others. */
  private static boolean isTransactional(Code code, Body body) {
    return Stream.concat(
            code.classOf(body).getAnnotations().stream(),
            code.classOf(body).getMethods().stream()
                .filter(method -> method.getName().equals(body.name()))
                .flatMap(method -> method.getAnnotations().stream()))
        .anyMatch(each -> each.getRawType().getSimpleName().equals("Transactional"));
  }

  private static boolean isResult(Code code, Body body, Body.Use use) {
    return Ashlar.RESULTS.matcher(use.result()).matches() || code.hits(body, use, Ashlar.BATCHES);
  }

  /**
   * A handler runs again for each delivery, and a call of a pipeline for each attempt. Behind an
   * inbox a handler's work runs once.
   */
  private static Stream<Finding> idsOfAttempts(Code code) {
    Predicate<Body> unguarded =
        handler ->
            code.reachedFrom(Stream.of(handler)).stream()
                .noneMatch(body -> code.uses(body, Ashlar.INBOX));
    Stream<Body> handlers = code.bodies(body -> body.returns(Ashlar.OUTCOME)).filter(unguarded);
    Stream<Body> attempts =
        code.bodies().flatMap(body -> code.lambdasOf(body, Ashlar.CALL::equals));
    return Search.usesIn(
        code,
        code.reachedFrom(Stream.concat(handlers, attempts)).stream(),
        "an id that is drawn anew in each attempt",
        Ashlar.MESSAGE_ID,
        Ashlar.ID_TEXT,
        Jdk.RANDOM_ID);
  }
}
