package dev.ashlar.messaging.testkit;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.messaging.Guarantees.Promise;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/*
 * One line for each promise that was tried, beside the rows that the listener of the test kit writes:
 *
 *   {"type":"probe","guarantee":"fifo","subject":"memory","result":"holds"}
 *
 * The listener has opened the file before any test runs, so a line is added to it.
 */

/**
 * The promises that a queue denies, tried all the same.
 *
 * <p>A denial that is not true costs users something that they could have relied on, and shows that
 * nobody looked. It is no defect of the queue, so it is noted and fails nothing; tests that passed
 * once do not prove that a promise could be made.
 */
final class DeniedPromises {

  /**
   * Those whose tests end soon where the promise does not hold. A test of leases waits for what
   * never comes, and one of connections needs a subject that can cut them.
   */
  private static final Set<Promise> CHEAP =
      EnumSet.of(
          Promise.FIFO,
          Promise.KEY_ORDER,
          Promise.KEY_ORDER_UNDER_RETRY,
          Promise.KEY_PARKING,
          Promise.DELAY);

  private final QueueFixture contract;

  DeniedPromises(QueueFixture contract) {
    this.contract = contract;
  }

  /** Tries each promise that is denied and can be tried. */
  List<Probe> tried() throws InterruptedException {
    Set<String> declared = contract.guarantees();
    List<Probe> probes = new ArrayList<>();
    for (Promise promise : CHEAP) {
      if (!declared.contains(promise.label())) {
        probes.add(new Probe(promise.label(), holds(promise)));
      }
    }
    return probes;
  }

  private boolean holds(Promise promise) throws InterruptedException {
    for (Method test : testsOf(promise)) {
      contract.forgetMainQueue();
      if (!passes(test)) {
        return false;
      }
    }
    return true;
  }

  private boolean passes(Method test) throws InterruptedException {
    try {
      test.invoke(contract);
      return true;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      return false;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(test + ": not accessible (expected: of this package)", e);
    }
  }

  private List<Method> testsOf(Promise promise) {
    List<Method> tests = new ArrayList<>();
    for (Class<?> type = MessageQueueContract.class; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        for (Proves proves : method.getAnnotationsByType(Proves.class)) {
          if (proves.guarantee().equals(promise.label())) {
            tests.add(method);
          }
        }
      }
    }
    tests.sort(Comparator.comparing(Method::getName));
    return tests;
  }

  /** Adds what was found to the evidence of this JVM, if it gathers any. */
  void note(List<Probe> probes) throws IOException {
    String folder = System.getProperty("evidence.dir", "");
    Optional<Subject> subject =
        Optional.ofNullable(contract.getClass().getAnnotation(Subject.class));
    if (folder.isEmpty() || subject.isEmpty() || probes.isEmpty()) {
      return;
    }
    Path file = Path.of(folder).resolve(System.getProperty("evidence.file", "tests.jsonl"));
    List<String> lines = probes.stream().map(probe -> probe.line(subject.get().value())).toList();
    Files.createDirectories(Path.of(folder));
    Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Whether a promise holds that is not made. */
  record Probe(String guarantee, boolean holds) {

    String line(String subject) {
      return String.format(
          "{\"type\":\"probe\",\"guarantee\":\"%s\",\"subject\":\"%s\",\"result\":\"%s\"}",
          guarantee, subject.replaceAll("[^A-Za-z0-9._-]", "?"), holds ? "holds" : "fails");
    }
  }
}
