package dev.ashlar.examples.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.ashlar.examples.house.samples.core.HoldsAThreadLocal;
import dev.ashlar.examples.house.samples.core.KnowsABlock;
import dev.ashlar.examples.house.samples.core.SystemTime;
import dev.ashlar.examples.house.samples.core.TimeSource;
import dev.ashlar.examples.house.samples.core.testkit.Seeds;
import dev.ashlar.examples.house.samples.examples.shop.LogsBeside;
import dev.ashlar.examples.house.samples.examples.shop.log.LogsForTheShop;
import dev.ashlar.examples.house.samples.messaging.Chances;
import dev.ashlar.examples.house.samples.messaging.Clocks;
import dev.ashlar.examples.house.samples.messaging.Console;
import dev.ashlar.examples.house.samples.messaging.HandMovedTime;
import dev.ashlar.examples.house.samples.messaging.JdkLoggers;
import dev.ashlar.examples.house.samples.messaging.KnowsALibrary;
import dev.ashlar.examples.house.samples.messaging.KnowsAnotherBlock;
import dev.ashlar.examples.house.samples.messaging.KnowsItsAdapter;
import dev.ashlar.examples.house.samples.messaging.KnowsJunit;
import dev.ashlar.examples.house.samples.messaging.Logs;
import dev.ashlar.examples.house.samples.messaging.Meetings;
import dev.ashlar.examples.house.samples.messaging.Names;
import dev.ashlar.examples.house.samples.messaging.ObjectStreams;
import dev.ashlar.examples.house.samples.messaging.Plain;
import dev.ashlar.examples.house.samples.messaging.Timers;
import dev.ashlar.examples.house.samples.messaging.Waits;
import dev.ashlar.examples.house.samples.messaging.jdbc.KnowsAssertj;
import dev.ashlar.examples.house.samples.messaging.jdbc.KnowsItsBlockAndALibrary;
import dev.ashlar.examples.house.samples.messaging.jdbc.KnowsTheTestKit;
import dev.ashlar.examples.house.samples.messaging.util.Thing;
import dev.ashlar.examples.house.samples.tracing.collate.Collator;
import dev.ashlar.examples.house.samples.tracing.collate.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A rule that nothing can break guards nothing: every rule meets a sample that breaks it. */
@DisplayName("the house's rules")
class RulesCanFailTest {

  static final String SAMPLES = "dev.ashlar.examples.house.samples";

  private final Rules rules =
      new Rules(
          SAMPLES,
          Set.of(
              "core",
              "core/testkit",
              "messaging",
              "messaging/jdbc",
              "messaging/testkit",
              "serialization"));

  @TestFactory
  Stream<DynamicTest> knowledgeIsRejected() {
    ArchRule modules = rules.modulesKnowOnlyTheirOwnBlockAndCore();
    ArchRule libraries = rules.onlyAdaptersKnowThirdParties();
    ArchRule tests = rules.onlyTestKitsKnowTestLibraries();
    return Stream.of(
        rejects(modules, KnowsABlock.class),
        rejects(modules, KnowsAnotherBlock.class),
        rejects(modules, KnowsItsAdapter.class),
        rejects(modules, dev.ashlar.examples.house.samples.messaging.jdbc.KnowsAnotherBlock.class),
        rejects(modules, KnowsTheTestKit.class),
        rejects(
            modules, dev.ashlar.examples.house.samples.messaging.testkit.KnowsAnotherBlock.class),
        rejects(libraries, KnowsALibrary.class),
        rejects(libraries, dev.ashlar.examples.house.samples.messaging.testkit.KnowsALibrary.class),
        rejects(tests, KnowsJunit.class),
        rejects(tests, KnowsAssertj.class));
  }

  @TestFactory
  Stream<DynamicTest> everyWayAroundARuleIsRejected() {
    return Stream.of(
            rejectsEach(rules.onlySystemTimeReadsAClock(), Clocks.class),
            rejectsEach(rules.onlyTimeSourcesWait(), Waits.class),
            rejectsEach(rules.onlyTestKitsWaitForThreadsInRealTime(), Meetings.class),
            rejectsEach(rules.onlySystemTimeHasATimer(), Timers.class),
            rejectsEach(rules.nobodyDrawsUnseededChance(), Chances.class),
            rejectsEach(rules.typesAreNounsOfTheTrade(), Names.class),
            rejectsEach(rules.librariesDoNotPrint(), Console.class),
            rejectsEach(rules.nobodyLogsThroughTheJdk(), JdkLoggers.class),
            rejectsEach(rules.nobodySerializesThroughTheJdk(), ObjectStreams.class))
        .flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> theRestIsRejected() {
    return Stream.of(
        rejects(rules.librariesDoNotPrint(), Collator.class),
        rejects(
            rules.onlySystemTimeReadsAClock(),
            dev.ashlar.examples.house.samples.messaging.SystemTime.class),
        rejects(rules.noPackageIsADrawer(), Thing.class),
        rejects(rules.coreHasAtMost(1), SystemTime.class, TimeSource.class),
        rejects(rules.packagesAreNullMarked(), Plain.class),
        rejects(rules.blocksDoNotLog(), Logs.class),
        rejects(rules.blocksDoNotLog(), LogsBeside.class),
        rejects(
            rules.onlyCoreHasThreadLocals(),
            dev.ashlar.examples.house.samples.messaging.HoldsAThreadLocal.class),
        rejects(rules.testsDoNotSleep(), Waits.Sleeps.class));
  }

  /** A rule that rejects everything guards nothing either. */
  @TestFactory
  Stream<DynamicTest> whatIsRightIsAccepted() {
    return Stream.of(
        accepts(rules.modulesKnowOnlyTheirOwnBlockAndCore(), KnowsItsBlockAndALibrary.class),
        accepts(rules.onlyAdaptersKnowThirdParties(), KnowsItsBlockAndALibrary.class),
        accepts(
            rules.onlyTestKitsKnowTestLibraries(),
            dev.ashlar.examples.house.samples.messaging.testkit.KnowsJunit.class),
        accepts(rules.onlySystemTimeReadsAClock(), SystemTime.class, Plain.class),
        accepts(rules.onlyTimeSourcesWait(), HandMovedTime.class, Plain.class),
        accepts(
            rules.onlyTestKitsWaitForThreadsInRealTime(),
            dev.ashlar.examples.house.samples.messaging.testkit.AwaitsALatch.class,
            Plain.class),
        accepts(rules.nobodyDrawsUnseededChance(), SystemTime.class, Seeds.class, Plain.class),
        accepts(rules.blocksDoNotLog(), LogsForTheShop.class, Plain.class),
        accepts(rules.librariesDoNotPrint(), Main.class, Plain.class),
        accepts(rules.coreHasAtMost(2), SystemTime.class, TimeSource.class),
        accepts(rules.onlyCoreHasThreadLocals(), HoldsAThreadLocal.class, Plain.class));
  }

  @Test
  void aMarkedPackageIsAccepted() {
    ArchRule rule = rules.packagesAreNullMarked();
    assertThat(rule.evaluate(new ClassFileImporter().importPackages(SAMPLES + ".serialization")))
        .matches(result -> !result.hasViolation());
  }

  @Test
  void packagesInTheWrongModuleAreFound() {
    assertThat(
            Layout.strayPackages(
                "a", Map.of("core", Set.of("a.core"), "core/testkit", Set.of("a.core"))))
        .containsExactly(
            "a.core stands in core and in core/testkit",
            "a.core stands in core/testkit (expected: under a.core.testkit)");
    assertThat(Layout.strayPackages("a", Map.of("core", Set.of("a.corex")))).hasSize(1);
    assertThat(Layout.strayPackages("a", Map.of("core", Set.of("a.core", "a.core.x")))).isEmpty();
  }

  @Test
  void foldersPomsAndNamesThatAreWrongAreFound(@TempDir Path root) throws IOException {
    pom(root, "<modules><module>core</module><module>attic</module></modules>");
    pom(
        root.resolve("core"),
        "<parent><artifactId>other</artifactId></parent><artifactId>ashlar-kernel</artifactId>");
    pom(root.resolve("attic"), "<artifactId>ashlar-attic</artifactId>");
    pom(root.resolve("core/forgotten"), "<groupId>org.mockito</groupId>");
    pom(
        root.resolve("core/bom"),
        "<parent/><dependencyManagement><dependencies><dependency>"
            + "<artifactId>ashlar-old</artifactId>"
            + "</dependency></dependencies></dependencyManagement>");

    House house = House.at(root);

    assertThat(Layout.strangers(house))
        .containsExactlyInAnyOrder(
            "attic stands outside the seven top-level folders",
            "core/forgotten has a pom but the root pom does not list it",
            "core/bom has a pom but the root pom does not list it");
    assertThat(Layout.misnamed(house))
        .contains(
            "core: artifactId (expected: ashlar-core)",
            "core: parent (expected: ashlar-parent)",
            "core: name on the module path is '' (expected: dev.ashlar.core)");
    assertThat(Layout.bomGaps(house))
        .contains(
            "the BOM lacks ashlar-kernel",
            "the BOM lists ashlar-old, which is no module",
            "the BOM has a parent or dependencies");
    assertThat(Layout.mocks(house)).containsExactly("core/forgotten/pom.xml names mockito");
  }

  private static void pom(Path folder, String body) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("pom.xml"), "<project>" + body + "</project>");
  }

  private static Stream<DynamicTest> rejectsEach(ArchRule rule, Class<?> samples) {
    return Stream.of(samples.getDeclaredClasses()).map(sample -> rejects(rule, sample));
  }

  private static DynamicTest rejects(ArchRule rule, Class<?>... samples) {
    return dynamicTest(
        "rejects " + names(samples) + ": " + rule.getDescription(),
        () -> assertThat(evaluate(rule, samples).hasViolation()).isTrue());
  }

  private static DynamicTest accepts(ArchRule rule, Class<?>... samples) {
    return dynamicTest(
        "accepts " + names(samples) + ": " + rule.getDescription(),
        () -> assertThat(evaluate(rule, samples).getFailureReport().getDetails()).isEmpty());
  }

  private static EvaluationResult evaluate(ArchRule rule, Class<?>... samples) {
    return rule.evaluate(new ClassFileImporter().importClasses(samples));
  }

  private static List<String> names(Class<?>... samples) {
    return Stream.of(samples)
        .map(sample -> sample.getName().substring(SAMPLES.length() + 1))
        .toList();
  }
}
