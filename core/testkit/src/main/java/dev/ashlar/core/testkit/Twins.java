package dev.ashlar.core.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Shows that a contract catches what it is meant to catch: a deliberately broken implementation, a
 * twin, must fail the property that is named for it.
 *
 * <p>A twin is a concrete subclass of the contract over the broken implementation, with a name that
 * ends in {@code Twin}, so that surefire does not run it by itself.
 *
 * <p><b>Guarantees.</b> A twin counts as caught only if the body of at least one test that carries
 * {@link Proves} of this property fails with an {@link AssertionError}. Any other exception, a
 * failed set-up, a skip and a test that does not exist are misses: they would let a contract look
 * sharp that never came to look. Every outcome goes into the evidence.
 *
 * <p><b>Failures.</b> {@link AssertionError} for a miss, with the outcome of every test that ran.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <pre>{@code
 * Stream<DynamicTest> tests =
 *     Twins.of(OffByOneTwin.class, "S-1", "S-3").and(ThrowsTwin.class, "S-2").tests();
 * }</pre>
 */
public final class Twins {

  private static final String SUFFIX = "Twin";

  private final List<Claim> claims;

  private Twins(List<Claim> claims) {
    this.claims = claims;
  }

  /**
   * Returns one twin and the properties that catch it.
   *
   * @param twin the contract over the broken implementation
   * @param properties each of which must catch it by itself
   */
  public static Twins of(Class<? extends Contract> twin, String... properties) {
    return new Twins(List.of()).and(twin, properties);
  }

  /**
   * Returns these twins and one more.
   *
   * @param twin the contract over the broken implementation
   * @param properties each of which must catch it by itself
   */
  public Twins and(Class<? extends Contract> twin, String... properties) {
    if (properties.length == 0) {
      throw new IllegalArgumentException("properties: none (expected: at least one)");
    }
    List<Claim> more = new ArrayList<>(claims);
    for (String property : properties) {
      more.add(new Claim(property, twin));
    }
    return new Twins(List.copyOf(more));
  }

  /** Returns one test for each twin and property. */
  public Stream<DynamicTest> tests() {
    return claims.stream()
        .map(
            claim ->
                DynamicTest.dynamicTest(
                    claim.property() + " catches " + name(claim.twin()),
                    () -> catches(claim.property(), claim.twin())));
  }

  /**
   * Runs the tests of one property against a twin, and demands that they catch it.
   *
   * @param property the id
   * @param twin the contract over the broken implementation
   */
  public static void catches(String property, Class<? extends Contract> twin) {
    catches(property, twin, EvidenceLog.ofThisJvm());
  }

  static void catches(String property, Class<? extends Contract> twin, EvidenceLog log) {
    TwinRun run = TwinRun.of(property, twin);
    log.add(
        new JsonLine()
            .with("type", "twin")
            .with("property", property)
            .with("twin", name(twin))
            .with("result", run.isCaught() ? "caught" : "missed"));
    if (!run.isCaught()) {
      throw run.missed(property, name(twin));
    }
  }

  private static String name(Class<?> twin) {
    String name = twin.getSimpleName();
    return name.endsWith(SUFFIX) && name.length() > SUFFIX.length()
        ? name.substring(0, name.length() - SUFFIX.length())
        : name;
  }

  private record Claim(String property, Class<? extends Contract> twin) {}
}
