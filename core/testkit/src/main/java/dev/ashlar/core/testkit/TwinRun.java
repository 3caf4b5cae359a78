package dev.ashlar.core.testkit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One run of the tests of one property against one twin, and what came of it. */
final class TwinRun implements TestExecutionListener {

  private final List<String> outcomes = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Set<String> failedBodies = new HashSet<>();
  private boolean caught;

  private TwinRun() {}

  static TwinRun of(String property, Class<? extends Contract> twin) {
    // Listeners found by themselves would write the twin's failures into the evidence as rows.
    LauncherConfig alone =
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .build();
    PostDiscoveryFilter only = test -> FilterResult.includedIf(mayProve(property, test));
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(twin))
            .filters(only)
            .build();
    TwinRun run = new TwinRun();
    LauncherFactory.create(alone).execute(request, run);
    return run;
  }

  private static boolean mayProve(String property, TestDescriptor test) {
    if (!(test.getSource().orElse(null) instanceof MethodSource source)) {
      return true;
    }
    for (Proves proves : source.getJavaMethod().getAnnotationsByType(Proves.class)) {
      if (proves.value().equals(property)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
    if (entry.getKeyValuePairs().containsKey(FailedBody.ENTRY)) {
      failedBodies.add(test.getUniqueId());
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    outcomes.add(test.getDisplayName() + ": skipped, " + reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean inBody = failedBodies.contains(test.getUniqueId());
    boolean failed = result.getStatus() == TestExecutionResult.Status.FAILED;
    boolean asserted = result.getThrowable().filter(AssertionError.class::isInstance).isPresent();
    caught |= failed && inBody && asserted;
    if (test.isTest() || failed) {
      String where = !failed || inBody ? "" : " outside the test's body";
      String why = result.getThrowable().map(thrown -> ", " + thrown).orElse("");
      outcomes.add(test.getDisplayName() + ": " + result.getStatus() + where + why);
    }
    result.getThrowable().ifPresent(failures::add);
  }

  synchronized boolean isCaught() {
    return caught;
  }

  synchronized AssertionError missed(String property, String twin) {
    String ran = outcomes.isEmpty() ? "no test proves it" : String.join("; ", outcomes);
    AssertionError missed =
        new AssertionError(
            property + " missed the twin " + twin + " (expected: an AssertionError): " + ran);
    failures.forEach(missed::addSuppressed);
    return missed;
  }
}
