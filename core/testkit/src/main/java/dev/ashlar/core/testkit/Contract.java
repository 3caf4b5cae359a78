package dev.ashlar.core.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The base of every contract: tests that each implementation of a type must pass.
 *
 * <p>A contract's test methods carry {@link Proves}. A subclass opens the implementation, declares
 * its guarantees and carries {@link Subject}; it may not leave tests out.
 *
 * <p><b>Guarantees.</b> A test is skipped if, and only if, one of its properties needs a guarantee
 * that is not declared. What was declared goes into the evidence, where a skip that the declaration
 * does not deny is found out.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
@ExtendWith(FailedBody.class)
public abstract class Contract {

  static final String GUARANTEES_ENTRY = "ashlar.guarantees";

  /** For subclasses. */
  protected Contract() {}

  /**
   * Returns the names of the guarantees that the implementation declares, such as {@code fifo}.
   * Asked before the subclass sets anything up, so it must not need what a set-up opens.
   */
  protected abstract Set<String> guarantees();

  /** Publishes what is declared, and skips the test if it needs more. */
  @BeforeEach
  final void compareWithGuarantees(TestInfo test, TestReporter reporter) {
    Set<String> declared = new TreeSet<>(guarantees());
    // JUnit refuses a blank entry, so the list goes with its brackets.
    reporter.publishEntry(GUARANTEES_ENTRY, declared.toString());
    Optional<Method> method = test.getTestMethod();
    if (method.isEmpty()) {
      return;
    }
    Set<String> denied = new TreeSet<>();
    for (Proves proves : method.get().getAnnotationsByType(Proves.class)) {
      if (!proves.guarantee().isEmpty() && !declared.contains(proves.guarantee())) {
        denied.add(proves.guarantee());
      }
    }
    if (!denied.isEmpty()) {
      Assumptions.abort("denied by guarantees: " + String.join(", ", denied));
    }
  }

  /** Reads back a list that was published with its brackets. */
  static List<String> listed(String entry) {
    String inside = entry.substring(1, entry.length() - 1);
    return inside.isEmpty() ? List.of() : List.of(inside.split(", ", -1));
  }
}
