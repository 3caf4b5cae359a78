package dev.ashlar.core.testkit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes what each test that carries {@link Proves} has proved, for which {@link Subject}.
 *
 * <p>JUnit finds it by itself in every module that has this test kit on its test class path. Rows
 * go to the file {@code evidence.file} in the folder {@code evidence.dir}, both system properties,
 * one JSON object to a line; without a folder nothing is written.
 *
 * <p><b>Guarantees.</b> One row for each property and test method. The invocations of a
 * parameterized or dynamic test fold into one: failed if any failed, else skipped if any was, else
 * passed. A test that did not come to run because its class failed or was skipped has a row that
 * says so.
 *
 * <p><b>Threads.</b> Safe.
 */
public final class EvidenceListener implements TestExecutionListener {

  /** A table is no place for the megabyte that an assertion may print; the test report has it. */
  private static final int REASON_MAX = 1000;

  private final EvidenceLog log;
  private final Map<ProvingTest, Result> results = new LinkedHashMap<>();
  private final Map<String, List<String>> guarantees = new HashMap<>();
  private Optional<TestPlan> plan = Optional.empty();

  /** Made by JUnit. */
  public EvidenceListener() {
    this(EvidenceLog.ofThisJvm());
  }

  EvidenceListener(EvidenceLog log) {
    this.log = log;
  }

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan started) {
    plan = Optional.of(started);
    log.start();
  }

  @Override
  public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    String declared = entry.getKeyValuePairs().get(Contract.GUARANTEES_ENTRY);
    if (declared != null) {
      find(test).ifPresent(found -> guarantees.put(found.owner(), Contract.listed(declared)));
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    noteAll(test, new Result(Result.Status.SKIPPED, reason));
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String reason = result.getThrowable().map(EvidenceListener::reason).orElse("");
    switch (result.getStatus()) {
      case FAILED -> noteAll(test, new Result(Result.Status.FAILED, reason));
      case ABORTED -> noteAll(test, new Result(Result.Status.SKIPPED, reason));
      case SUCCESSFUL -> {
        // A container that is well says nothing of its tests, and may have had none.
        if (test.isTest()) {
          note(test, new Result(Result.Status.PASSED, ""));
        }
      }
    }
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan finished) {
    results.forEach(this::write);
    results.clear();
    guarantees.clear();
    plan = Optional.empty();
  }

  /** What happens to a container happens to every test in it. */
  private void noteAll(TestIdentifier test, Result result) {
    note(test, result);
    plan.ifPresent(known -> known.getDescendants(test).forEach(inside -> note(inside, result)));
  }

  private void note(TestIdentifier test, Result result) {
    find(test).ifPresent(found -> results.merge(found, result, Result::worse));
  }

  private Optional<ProvingTest> find(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .flatMap(source -> plan.flatMap(known -> ProvingTest.of(source, test, known)));
  }

  private void write(ProvingTest test, Result result) {
    for (Proves proves : test.proves()) {
      log.add(
          new JsonLine()
              .with("type", "row")
              .with("property", proves.value())
              .with("subject", test.subject())
              .with("test", test.name())
              .with("result", result.status().label())
              .with("reason", result.reason())
              .with("guarantee", proves.guarantee())
              .with("guarantees", guarantees.getOrDefault(test.owner(), List.of()))
              .with("tags", test.tags()));
    }
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    String reason = message == null ? failure.getClass().getName() : message;
    return reason.length() <= REASON_MAX ? reason : reason.substring(0, REASON_MAX) + "...";
  }
}
