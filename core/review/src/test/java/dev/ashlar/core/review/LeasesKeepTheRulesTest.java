package dev.ashlar.core.review;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The block of leases keeps its own rules: of all its classes, only floors compare tokens. */
class LeasesKeepTheRulesTest {

  private static final String FLOORS = "dev.ashlar.leases.guard.";
  private static final String VERSIONED = "dev.ashlar.leases.versioned.";

  private static ReviewRule excused(ReviewRule rule) {
    return rule == LeaseRules.LEASE_R12
        ? rule.except(FLOORS + "FileFloor.raised", "it is a floor, in its section")
            .except(FLOORS + "MemoryFloor.mayRaise", "it is a floor, under its lock")
            .except(VERSIONED + "MemoryConditionalStore.holds", "it is a floor for each key")
        : rule;
  }

  @TestFactory
  Stream<DynamicTest> rulesAreKept() {
    JavaClasses leases =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.ashlar.leases");
    return LeaseRules.ALL.stream()
        .map(LeasesKeepTheRulesTest::excused)
        .map(rule -> DynamicTest.dynamicTest(rule.id(), () -> rule.check(leases)));
  }
}
