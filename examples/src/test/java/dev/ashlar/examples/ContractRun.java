package dev.ashlar.examples;

import dev.ashlar.core.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract's test class, and tells which properties passed and why others were skipped. */
final class ContractRun implements TestExecutionListener {

  private final List<String> failed = new ArrayList<>();
  private final TreeSet<Integer> passed = new TreeSet<>();
  private final TreeMap<Integer, String> skipped = new TreeMap<>();
  private final String kind;

  private ContractRun(String kind) {
    this.kind = kind;
  }

  /**
   * Returns what came of all tests of a class, in a few lines.
   *
   * @param kind what the ids begin with, such as {@code QUEUE-}
   */
  static String of(Class<?> contract, String kind) {
    LauncherConfig alone =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    ContractRun run = new ContractRun(kind);
    LauncherFactory.create(alone)
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(contract))
                .build(),
            run);
    return run.report();
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    String why = result.getThrowable().map(Throwable::getMessage).orElse("");
    if (result.getStatus() == Status.FAILED) {
      failed.add(test.getDisplayName() + ": " + why);
    } else if (test.getSource().orElse(null) instanceof MethodSource source) {
      for (Proves proves : source.getJavaMethod().getAnnotationsByType(Proves.class)) {
        note(Integer.parseInt(proves.value().substring(kind.length())), result.getStatus(), why);
      }
    }
  }

  private void note(int number, Status status, String why) {
    if (status == Status.SUCCESSFUL) {
      passed.add(number);
    } else {
      skipped.put(number, why);
    }
  }

  private synchronized String report() {
    StringBuilder text = new StringBuilder();
    text.append("passed:  ").append(kind).append(ranges(passed)).append('\n');
    skipped.forEach((number, why) -> text.append("skipped: " + kind + number + ", " + why + "\n"));
    return text.append("failed:  ")
        .append(failed.isEmpty() ? "none" : failed)
        .append('\n')
        .toString();
  }

  private static String ranges(Set<Integer> numbers) {
    List<String> ranges = new ArrayList<>();
    for (int first : numbers) {
      if (!numbers.contains(first - 1)) {
        int last = first;
        while (numbers.contains(last + 1)) {
          last++;
        }
        ranges.add(last == first ? "" + first : first + " to " + last);
      }
    }
    return String.join(", ", ranges);
  }
}
