package dev.ashlar.examples.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.MalformedDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("the evidence report")
class EvidenceReportTest {

  @TempDir private Path folder;

  private Tree tree = new Tree(Path.of(""));

  @BeforeEach
  void growATree() {
    tree = new Tree(folder);
  }

  @Test
  void aTreeInWhichAllIsProvedPassesAndPrintsItsTotals() throws Exception {
    Tree.Outcome outcome = tree.report(Mode.FULL);

    assertThat(outcome.violations()).isEmpty();
    assertThat(outcome.status()).isZero();
    assertThat(outcome.printed())
        .contains(
            "evidence: 2 properties, 4 rows (3 passed, 0 failed, 1 skipped),"
                + " 1 twins caught, 0 missed")
        .contains("evidence: full build of unknown");
  }

  @Test
  void theTableShowsPropertiesBySubject() throws Exception {
    tree.properties.add(0, Tree.property("QUEUE-10", "C:lease"));

    assertThat(tree.report(Mode.FULL).table())
        .contains("| id | property | needs | memory | pg |")
        .containsSubsequence(
            "| QUEUE-1 | It \\| works. | required | passed | passed |",
            "| QUEUE-2 | It \\| works. | fifo | passed | denied |",
            "| QUEUE-10 | It \\| works. | lease | denied | missing |")
        .contains("- QUEUE-10 for pg: declared as lease, but no test proves it")
        .contains("| QUEUE-1 | AcksEarly | caught |");
  }

  @Test
  void theJsonHasTheFormThatProgramsRead() throws Exception {
    tree.kitLines.remove(1);
    tree.jdbcLines.remove(0);

    assertThat(tree.report(Mode.FULL).json())
        .isEqualTo(
            """
            {"commit":"unknown","rows":[\
            {"property":"QUEUE-1","subject":"memory","module":"messaging/testkit",\
            "test":"SomeTest.test","result":"passed","reason":"","guarantee":""},\
            {"property":"QUEUE-2","subject":"pg","module":"messaging/jdbc",\
            "test":"SomeTest.test","result":"skipped","reason":"because","guarantee":"fifo"}],\
            "twins":[{"property":"QUEUE-1","twin":"AcksEarly","result":"caught"}]}\
            """);
  }

  @Test
  void aRequiredPropertyThatNoTestProvesIsReported() throws Exception {
    tree.kitLines.remove(0);

    assertReported("QUEUE-1 for memory: required, but no test proves it");
  }

  @Test
  void aRequiredPropertyWhoseTestsAreSkippedIsReported() throws Exception {
    tree.kitLines.set(0, Tree.row("QUEUE-1", "memory", "skipped", "", "fifo", ""));

    assertReported(
        "QUEUE-1 for memory by SomeTest.test skipped without an excuse: because",
        "QUEUE-1 for memory: required, but skipped: because");
  }

  @Test
  void aRequiredPropertyWithAPassingRowMayHaveASkippedOne() throws Exception {
    tree.kitLines.add(Tree.row("QUEUE-1", "memory", "skipped", "", "fifo", "container"));

    assertThat(tree.report(Mode.FULL).status()).isZero();
  }

  @Test
  void aSkipThatNothingExcusesIsReportedThoughAnotherRowPassed() throws Exception {
    tree.kitLines.add(Tree.row("QUEUE-1", "memory", "skipped", "", "fifo", ""));

    assertReported("QUEUE-1 for memory by SomeTest.test skipped without an excuse: because");
  }

  @Test
  void everySkippedTestIsListedWithWhatExcusesIt() throws Exception {
    tree.kitLines.add(Tree.row("QUEUE-1", "memory", "skipped", "", "fifo", "container"));

    assertThat(tree.report(Mode.FULL).table())
        .containsSubsequence(
            "## Skipped",
            "| property | subject | test | excused by |",
            "| QUEUE-1 | memory | SomeTest.test | needs containers |",
            "| QUEUE-2 | pg | SomeTest.test | denied: fifo |");
  }

  @Test
  void aDeniedPromiseThatHoldsIsAWarningAndFailsNothing() throws Exception {
    tree.jdbcLines.add(Tree.probe("fifo", "pg", "holds"));
    tree.jdbcLines.add(Tree.probe("delay", "pg", "fails"));
    tree.kitLines.add(Tree.probe("fifo", "memory", "holds"));

    Tree.Outcome outcome = tree.report(Mode.FULL);

    String warning = "fifo for pg: denied, but its tests passed when they were tried";
    assertThat(outcome.status()).isZero();
    assertThat(outcome.printed().lines().filter(line -> line.startsWith("WARNING: ")))
        .containsExactly("WARNING: " + warning);
    assertThat(outcome.table()).contains("**Warnings**", "- " + warning + "\n");
  }

  @Test
  void aFailedRowIsReportedThoughAnotherPassed() throws Exception {
    tree.kitLines.add(Tree.row("QUEUE-1", "memory", "failed", "", "fifo", ""));

    assertReported("QUEUE-1 for memory by SomeTest.test failed: because");
  }

  @Test
  void aConditionalPropertyThatIsDeclaredAndNotProvedIsReported() throws Exception {
    tree.kitLines.remove(1);

    assertReported("QUEUE-2 for memory: declared as fifo, but no test proves it");
  }

  @Test
  void aConditionalPropertyThatIsDeclaredAndSkippedIsReported() throws Exception {
    tree.kitLines.add(Tree.conditional("memory", "skipped", "fifo"));

    assertReported("QUEUE-2 for memory by SomeTest.test skipped though fifo is declared: because");
  }

  @Test
  void aMisspeltGuaranteeDoesNotHideAConditionalProperty() throws Exception {
    tree.kitLines.set(1, Tree.row("QUEUE-2", "memory", "skipped", "fiffo", "fifo", ""));

    assertReported("QUEUE-2 for memory: declared as fifo, but skipped: because");
  }

  @Test
  void aConditionalPropertyThatIsDeniedNeedsNoRow() throws Exception {
    tree.jdbcLines.set(0, Tree.row("QUEUE-1", "pg", "passed", "", "lease", ""));
    tree.jdbcLines.remove(1);

    assertThat(tree.report(Mode.FULL).status()).isZero();
  }

  @Test
  void aMissedTwinIsReported() throws Exception {
    tree.kitLines.add(Tree.twin("QUEUE-1", "DropsOnNack", "missed"));

    assertReported("QUEUE-1 missed the twin DropsOnNack");
  }

  @Test
  void aRequiredPropertyThatCatchesNoTwinIsReported() throws Exception {
    tree.kitLines.remove(2);

    assertReported("QUEUE-1 is required, but catches no twin");
  }

  @Test
  void unknownPropertiesAreReported() throws Exception {
    tree.kitLines.add(Tree.row("QUEUE-99", "memory", "passed", "", "fifo", ""));
    tree.kitLines.add(Tree.twin("QUEUE-98", "AcksEarly", "caught"));

    assertReported(
        "QUEUE-98 of the twin AcksEarly: unknown property",
        "QUEUE-99 for memory by SomeTest.test: unknown property");
  }

  @Test
  void rowsOfNobodyKnownAreReported() throws Exception {
    tree.kitLines.add(Tree.required("", "fifo"));
    tree.kitLines.add(Tree.required("memroy", "fifo"));

    assertReported(
        "QUEUE-1 for  by SomeTest.test in messaging/testkit names no subject",
        "QUEUE-1 for memroy by SomeTest.test: unknown subject");
  }

  @Test
  void listsThatContradictThemselvesAreReported() throws Exception {
    tree.properties.add(Tree.property("QUEUE-2", "C:fifo"));
    tree.properties.add(Tree.property("LOG-1", "C:fifo", "log"));

    assertReported("LOG-1: no subject is expected of kind log", "QUEUE-2 is listed twice");
  }

  @Test
  void aPropertyOfSeveralKindsIsDemandedOfEachOfThem() throws Exception {
    tree.properties.add(
        Tree.property("LOG-1", "C:fifo", "log").replace("}", ",\"also\":[\"queue\",\"stream\"]}"));

    assertReported(
        "LOG-1 for memory: declared as fifo, but no test proves it",
        "LOG-1: no subject is expected of kind log",
        "LOG-1: no subject is expected of kind stream");
  }

  @Test
  void aModuleWhoseTestsNameSubjectsAndLeaveNoRowIsReported() throws Exception {
    tree.kitLines.addAll(tree.jdbcLines);
    tree.jdbcLines.clear();
    Tree.write(
        folder.resolve(Tree.JDBC).resolve("target/test-classes/SomeTest.class"),
        // Put together here: as one constant it would stand in this test's own class file.
        String.join("/", "..Ldev", "ashlar", "core", "testkit", "Subject;.."));

    assertReported("messaging/jdbc: its tests name subjects, but left no row");
  }

  @Test
  void aQuickBuildDemandsNothingOfEngines() throws Exception {
    tree.jdbcLines.clear();

    Tree.Outcome outcome = tree.report(Mode.QUICK);

    assertThat(outcome.violations()).isEmpty();
    assertThat(outcome.printed()).contains("nothing is demanded of engines");
    assertThat(outcome.table()).contains("| passed | not demanded |");
    assertThat(tree.report(Mode.FULL).violations())
        .containsExactly("QUEUE-1 for pg: required, but no test proves it");
  }

  @Test
  void aContainerBuildLooksAtFailuresAndAtSkipsOfContainerTests() throws Exception {
    tree.kitLines.clear();
    tree.jdbcLines.add(Tree.row("QUEUE-1", "pg", "skipped", "", "lease", ""));
    assertThat(tree.report(Mode.CONTAINERS).status()).isZero();

    tree.jdbcLines.add(Tree.row("QUEUE-2", "pg", "skipped", "fifo", "lease", "container"));
    assertThat(tree.report(Mode.CONTAINERS).status()).isZero();

    tree.jdbcLines.add(Tree.row("QUEUE-1", "pg", "skipped", "", "lease", "container"));
    tree.jdbcLines.add(Tree.row("QUEUE-1", "pg", "failed", "", "lease", ""));
    assertThat(tree.report(Mode.CONTAINERS).violations())
        .containsExactly(
            "QUEUE-1 for pg by SomeTest.test failed: because",
            "QUEUE-1 for pg by SomeTest.test skipped, and containers are required: because");
  }

  @Test
  void aLineThatCannotBeReadIsNamedWithItsPlace() {
    tree.jdbcLines.add("{\"type\":\"row\"}");

    assertThatThrownBy(() -> tree.report(Mode.FULL))
        .isInstanceOf(MalformedDataException.class)
        .hasMessageStartingWith("messaging/jdbc/target/evidence/rows/tests.jsonl:3: ");
  }

  @Test
  void theExpectedSubjectsOfThisTreeAreRead() throws IOException {
    assertThat(Checkout.subjects())
        .contains(
            new ExpectedSubject("guard-jdbc", List.of("guard"), Optional.empty()),
            new ExpectedSubject(
                "jdbc-postgresql",
                List.of(
                    "queue",
                    "inbox",
                    "outbox",
                    "lease",
                    "lease-jdbc",
                    "versioned",
                    "versioned-claim"),
                Optional.of(true)));
  }

  @Test
  void aModeThatDoesNotExistIsRefused() {
    assertThat(Mode.of("quick")).isEqualTo(Mode.QUICK);
    assertThatThrownBy(() -> Mode.of("QUICK"))
        .hasMessage("mode: QUICK (expected: one of [full, quick, containers])");
  }

  private void assertReported(String... violations) throws Exception {
    Tree.Outcome outcome = tree.report(Mode.FULL);

    assertThat(outcome.violations()).containsExactly(violations);
    assertThat(outcome.status()).isEqualTo(1);
  }
}
