package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class EvidenceListenerTest {

  @TempDir private Path folder;

  @Test
  void eachPropertyOfATestHasARowWithTheSubjectOfTheConcreteClass() throws IOException {
    assertThat(rowsOf(InOrderCase.class))
        .contains(
            row("X-1", "in-order", "InOrderCase.both", "passed", "", "", "fifo"),
            row("X-2", "in-order", "InOrderCase.both", "passed", "", "", "fifo"),
            row("X-3", "in-order", "InOrderCase.ordered", "passed", "", "fifo", "fifo"));
  }

  @Test
  void aTestWhoseGuaranteeIsNotDeclaredIsSkippedWithTheReason() throws IOException {
    assertThat(rowsOf(UnorderedCase.class))
        .contains(
            row(
                "X-3",
                "unordered",
                "UnorderedCase.ordered",
                "skipped",
                "denied by guarantees: fifo",
                "fifo",
                ""))
        .contains(row("X-1", "unordered", "UnorderedCase.both", "passed", "", "", ""));
  }

  @Test
  void aNestedClassOfTheContractHasTheSubjectOfTheClassAroundIt() throws IOException {
    assertThat(rowsOf(InOrderCase.class))
        .contains(row("X-4", "in-order", "SmallContract$Inner.nested", "passed", "", "", "fifo"));
  }

  @Test
  void theInvocationsOfOneTestFoldIntoOneRow() throws IOException {
    assertThat(rowsOf(FoldingCase.class))
        .containsExactlyInAnyOrder(
            row("F-1", "folding", "FoldingCase.oneFails", "failed", "second", "", ""),
            row("F-2", "folding", "FoldingCase.oneIsSkipped", "skipped", "second", "", ""),
            row("F-3", "folding", "FoldingCase.allPass", "passed", "", "", ""));
  }

  @Test
  void aClassThatFailsBeforeItsTestsLeavesFailedRows() throws IOException {
    assertThat(rowsOf(BrokenSetUpCase.class))
        .containsExactly(
            row("B-1", "broken", "BrokenSetUpCase.never", "failed", "no engine", "", ""));
  }

  @Test
  void aClassThatIsSkippedLeavesSkippedRows() throws IOException {
    assertThat(rowsOf(NoEngineCase.class))
        .containsExactly(
            row("N-1", "no-engine", "NoEngineCase.never", "skipped", "no docker", "", ""));
  }

  @Test
  void aClassWithoutSubjectLeavesRowsThatSaySo() throws IOException {
    assertThat(rowsOf(NamelessCase.class))
        .containsExactly(row("L-1", "", "NamelessCase.proves", "passed", "", "", ""));
  }

  @Test
  void theFirstPlanOverwritesAndTheNextOneAdds() throws IOException {
    Files.writeString(folder.resolve("t.jsonl"), "from an earlier build\n");
    EvidenceLog log = new EvidenceLog(folder.toString(), "t.jsonl");

    execute(log, NamelessCase.class);
    execute(log, FoldingCase.class);

    assertThat(Files.readAllLines(folder.resolve("t.jsonl")))
        .hasSize(4)
        .noneMatch(line -> line.contains("earlier"));
  }

  @Test
  void withoutAFolderNothingIsWritten() throws IOException {
    execute(new EvidenceLog("", "t.jsonl"), NamelessCase.class);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void anyTextIsQuotedAsJson() {
    String text = "a\"b\\c\nd\u0000e\u007fü\uD83D\uDE00\uD83D";

    assertThat(new JsonLine().with("k", text).with("l", List.of("x", "y")))
        .hasToString(
            "{\"k\":\"a\\\"b\\\\c\\u000ad\\u0000e\\u007f\\u00fc\\ud83d\\ude00\\ufffd\","
                + "\"l\":[\"x\",\"y\"]}");
    assertThat(new JsonLine()).hasToString("{}");
  }

  private List<String> rowsOf(Class<?> tests) throws IOException {
    execute(new EvidenceLog(folder.toString(), "t.jsonl"), tests);
    return Files.readAllLines(folder.resolve("t.jsonl"));
  }

  private static void execute(EvidenceLog log, Class<?> tests) {
    LauncherConfig alone =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(alone)
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(tests))
                .build(),
            new EvidenceListener(log));
  }

  private static String row(
      String property,
      String subject,
      String test,
      String result,
      String reason,
      String guarantee,
      String declared) {
    return new JsonLine()
        .with("type", "row")
        .with("property", property)
        .with("subject", subject)
        .with("test", "EvidenceListenerTest$" + test)
        .with("result", result)
        .with("reason", reason)
        .with("guarantee", guarantee)
        .with("guarantees", declared.isEmpty() ? List.of() : List.of(declared))
        .with("tags", test.startsWith("NoEngineCase") ? List.of("container") : List.of())
        .toString();
  }

  abstract static class SmallContract extends Contract {

    @Test
    @Proves("X-1")
    @Proves("X-2")
    void both() {}

    @Test
    @Proves(value = "X-3", guarantee = "fifo")
    void ordered() {}

    @Test
    void provesNothing() {}

    @Nested
    class Inner {

      @Test
      @Proves("X-4")
      void nested() {}
    }
  }

  @Subject("in-order")
  static class InOrderCase extends SmallContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("fifo");
    }
  }

  @Subject("unordered")
  static class UnorderedCase extends SmallContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of();
    }
  }

  @Subject("folding")
  static class FoldingCase {

    @RepeatedTest(3)
    @Proves("F-1")
    void oneFails(RepetitionInfo repetition) {
      if (repetition.getCurrentRepetition() == 2) {
        throw new AssertionError("second");
      }
    }

    @TestFactory
    @Proves("F-2")
    Stream<DynamicTest> oneIsSkipped() {
      return Stream.of(
          DynamicTest.dynamicTest("first", () -> {}),
          DynamicTest.dynamicTest("second", () -> Assumptions.abort("second")),
          DynamicTest.dynamicTest("third", () -> {}));
    }

    @RepeatedTest(2)
    @Proves("F-3")
    void allPass() {}
  }

  @Subject("broken")
  static class BrokenSetUpCase {

    @BeforeAll
    static void open() {
      Assertions.fail("no engine");
    }

    @Test
    @Proves("B-1")
    void never() {}
  }

  @Subject("no-engine")
  @Tag("container")
  static class NoEngineCase {

    @BeforeAll
    static void open() {
      Assumptions.abort("no docker");
    }

    @Test
    @Proves("N-1")
    void never() {}
  }

  static class NamelessCase {

    @Test
    @Proves("L-1")
    void proves() {}
  }
}
