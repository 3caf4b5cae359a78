package dev.ashlar.core.review;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules of leases that compiled classes show.
 *
 * <p>The others are not here: that every write goes through a guard (LEASE-R1), that reading
 * follows the claim (LEASE-R2), when a clock is read relative to a request (LEASE-R4), how long a
 * pause may be (LEASE-R13), what names are made of (LEASE-R15), which lease a resource belongs to
 * (LEASE-R18) and what a leader may do (LEASE-R19) are for the review.
 *
 * <p><b>Threads.</b> Immutable.
 */
public final class LeaseRules {

  private static final Target[] WAITS = all(Jdk.WAITS, Ashlar.WAIT);

  private static final Target[] EFFECTS_ELSEWHERE =
      Stream.of(Ashlar.SENDS, Jdk.REQUESTS, new Target[] {Ashlar.PIPELINE_CALLS})
          .flatMap(Stream::of)
          .toArray(Target[]::new);

  /** No wall clock decides whether a lease is held. */
  public static final ReviewRule LEASE_R3 =
      rule(
          "LEASE-R3",
          "the end of a lease MUST be judged by the elapsed clock",
          code ->
              Search.usesIn(
                  code,
                  code.bodies(body -> code.uses(body, Ashlar.LEASE)),
                  "a wall clock beside a lease",
                  all(Jdk.WALL_CLOCKS, Ashlar.WALL_TIME)));

  /** Who goes round a guard says why, and who has agreed. */
  public static final ReviewRule LEASE_R5 =
      rule(
          "LEASE-R5",
          "a write that goes round its guard MUST have a reason that somebody has reviewed",
          Search.uses("a way round the guard", Ashlar.UNFENCED));

  /** A floor lasts as long as what it guards. */
  public static final ReviewRule LEASE_R6 =
      rule(
          "LEASE-R6",
          "a floor MUST be kept where the data are that it guards, and as durably",
          Search.uses("a floor that ends with the process", Ashlar.MEMORY_FLOOR));

  /** A lease is handed down, and no thread or class has it. */
  public static final ReviewRule LEASE_R7 =
      rule(
          "LEASE-R7",
          "a lease or a claim MUST be passed as a value, not found in a static or thread's field",
          code ->
              code.classes()
                  .flatMap(type -> type.getFields().stream())
                  .filter(LeaseRules::keepsWhatIsHeld)
                  .map(LeaseRules::found));

  /** The state is read; being told is a convenience. */
  public static final ReviewRule LEASE_R8 =
      rule(
          "LEASE-R8",
          "whether to act MUST be read from the lease or its guard, not from a listener alone",
          code -> {
            Set<String> readers =
                code.bodies(body -> code.uses(body, Ashlar.STATE_READ))
                    .map(body -> Code.outermost(body.type()))
                    .collect(Collectors.toSet());
            return Search.usesIn(
                code,
                code.bodies(body -> !readers.contains(Code.outermost(body.type()))),
                "a listener, while nothing here reads the state,",
                Ashlar.WHEN_LOST);
          });

  /** A listener is short. */
  public static final ReviewRule LEASE_R9 =
      rule(
          "LEASE-R9",
          "a listener of a loss MUST NOT wait, and MUST NOT end or ask for leases itself",
          code ->
              Search.usesIn(
                  code,
                  listeners(code),
                  "a wait, or an ending, in a listener of a loss",
                  all(Ashlar.ENDING, WAITS)));

  /** Work that has lost its lease ends. */
  public static final ReviewRule LEASE_R10 =
      rule(
          "LEASE-R10",
          "work under a lease MUST heed the interrupt that a loss sends it",
          code ->
              code.reachedFrom(lambdas(code, Ashlar.LEASED_WORK)).stream()
                  .flatMap(
                      body ->
                          body.catches().stream()
                              .filter(Body.Caught::swallowsAnInterrupt)
                              .map(
                                  each -> Finding.of(body, each.line(), "a swallowed interrupt"))));

  /** What a guard, or a store, has answered is looked at. */
  public static final ReviewRule LEASE_R11 =
      rule(
          "LEASE-R11",
          "the outcome of every claim, guarded write and request for a lease MUST be looked at",
          code ->
              code.bodies()
                  .flatMap(
                      body ->
                          body.uses().stream()
                              .filter(use -> use.dropped() && isVerdict(code, body, use))
                              .map(use -> Finding.of(body, use.line(), "a dropped outcome"))));

  /** Only floors compare numbers. */
  public static final ReviewRule LEASE_R12 =
      rule(
          "LEASE-R12",
          "tokens MUST be compared by a floor, in the transaction of the write, and not by hand",
          Search.uses("a comparison of tokens by hand", Ashlar.NUMBER_ORDER));

  /** Two processes never have one nonce. */
  public static final ReviewRule LEASE_R14 =
      rule(
          "LEASE-R14",
          "the nonces of leases MUST come from the system's entropy, not from a seed",
          code ->
              Search.usesIn(
                  code,
                  code.bodies(body -> code.uses(body, Ashlar.LEASES_OF)),
                  "ids that somebody has seeded, beside leases",
                  Ashlar.SEEDED_IDS));

  /** What no floor can refuse is not done under a claim. */
  public static final ReviewRule LEASE_R16 =
      rule(
          "LEASE-R16",
          "an effect that no floor can refuse MUST go to an outbox in the guarded transaction",
          code ->
              Search.usesIn(
                  code,
                  code.reachedFrom(lambdas(code, Ashlar.GUARDED_WORK)).stream(),
                  "an effect elsewhere, within a guarded transaction",
                  EFFECTS_ELSEWHERE));

  /** Nobody loses a lease because of a suspicion. */
  public static final ReviewRule LEASE_R17 =
      rule(
          "LEASE-R17",
          "a suspicion MUST NOT end anybody's lease or open a way round a guard",
          code ->
              Search.usesIn(
                  code,
                  code
                      .reachedFrom(code.bodies(body -> code.uses(body, Ashlar.SUSPICIONS)))
                      .stream(),
                  "a lease that is decided about upon a suspicion",
                  Ashlar.OWNING));

  /** All of them, in the order of their ids. */
  public static final List<ReviewRule> ALL =
      List.of(
          LEASE_R3, LEASE_R5, LEASE_R6, LEASE_R7, LEASE_R8, LEASE_R9, LEASE_R10, LEASE_R11,
          LEASE_R12, LEASE_R14, LEASE_R16, LEASE_R17);

  private LeaseRules() {}

  private static ReviewRule rule(String id, String sentence, Search search) {
    return ReviewRule.of("leases", id, sentence, search);
  }

  private static Target[] all(Target[] some, Target... others) {
    return Stream.concat(Stream.of(some), Stream.of(others)).toArray(Target[]::new);
  }

  private static boolean keepsWhatIsHeld(JavaField field) {
    Set<String> types =
        field.getAllInvolvedRawTypes().stream().map(JavaClass::getName).collect(Collectors.toSet());
    boolean shared =
        field.getModifiers().contains(JavaModifier.STATIC) || types.contains(Jdk.THREADS_OWN);
    return shared && Ashlar.HELD.stream().anyMatch(types::contains);
  }

  private static Finding found(JavaField field) {
    return new Finding(field.getFullName(), "a shared field of a lease, " + field.getFullName());
  }

  private static Stream<Body> lambdas(Code code, String shape) {
    return code.bodies().flatMap(body -> code.lambdasOf(body, shape::equals));
  }

  /** What takes a cause last, is made where listeners are handed over, and what it calls. */
  private static Stream<Body> listeners(Code code) {
    Stream<Body> told =
        code.bodies(body -> code.uses(body, Ashlar.WHEN_LOST))
            .flatMap(body -> code.lambdasOf(body, "java.util.function.Consumer"::equals))
            .filter(body -> body.takes(Ashlar.LOSS_CAUSE));
    return code.reachedFrom(told).stream();
  }

  private static boolean isVerdict(Code code, Body body, Body.Use use) {
    return Ashlar.VERDICTS.contains(use.result()) || code.hits(body, use, Ashlar.CONFIRM);
  }
}
