package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Observer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrashPointsTest {

  @Test
  void theCrashComesAtTheNamedStepAndAtEveryStepAfterwards() {
    CrashAt crash = CrashAt.named("b", 2);

    crash.step("b");
    crash.step("a");
    assertThat(crash.hasCrashed()).isFalse();
    assertThatThrownBy(() -> crash.step("b"))
        .isInstanceOf(SimulatedCrash.class)
        .hasMessage("simulated crash at b");
    assertThatThrownBy(() -> crash.step("a")).isInstanceOf(SimulatedCrash.class);

    assertThat(crash.hasCrashed()).isTrue();
    assertThat(crash.passed()).containsExactly("b", "a");
  }

  @Test
  void theCrashComesAtTheNthStepOfAll() {
    CrashAt crash = CrashAt.nth(2);

    crash.step("a");

    assertThatThrownBy(() -> crash.step("b")).isInstanceOf(SimulatedCrash.class);
  }

  @Test
  void aStepThatIsNotNamedPasses() {
    CrashAt crash = CrashAt.named("b");

    crash.step("a");

    assertThat(crash.hasCrashed()).isFalse();
    assertThatThrownBy(() -> CrashAt.named("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CrashAt.named("b", 0)).hasMessage("occurrence: 0 (expected: >= 1)");
  }

  @Test
  void aScenarioRunsOnceWithoutACrashAndOnceForEachStep() throws Exception {
    List<String> runs = new ArrayList<>();

    // [doc:CrashPoints]
    List<String> steps = CrashPoints.forEach(() -> new Transfer(true, runs));
    // [/doc]

    assertThat(steps).containsExactly("written", "sent", "marked");
    assertThat(runs)
        .containsExactly(
            "written sent marked recover close",
            "recover close",
            "written recover close",
            "written sent recover close");
  }

  @Test
  void aRecoveryThatForgetsSomethingIsReportedWithItsStep() {
    assertThatThrownBy(() -> CrashPoints.forEach(() -> new Transfer(false, new ArrayList<>())))
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("crash at step 3 of 3, marked: ");
  }

  @Test
  void workWithoutNamedStepsProvesNothing() {
    assertThatThrownBy(() -> CrashPoints.forEach(() -> run(observer -> {})))
        .isInstanceOf(AssertionError.class)
        .hasMessage("steps: none (expected: work that names its steps)");
  }

  @Test
  void aStepThatDoesNotComeAgainIsReported() {
    List<String> runs = new ArrayList<>();
    assertThatThrownBy(
            () ->
                CrashPoints.forEach(
                    () ->
                        run(
                            observer -> {
                              runs.add("run");
                              if (runs.size() == 1) {
                                observer.step("once");
                              }
                            })))
        .isInstanceOf(AssertionError.class)
        .hasMessage("crash at step 1 of 1, once: did not come again, passed: []");
  }

  @Test
  void aFailureThatIsNotTheCrashComesOutAsItIs() {
    IllegalStateException failure = new IllegalStateException("broken");

    assertThatThrownBy(
            () ->
                CrashPoints.forEach(
                    () ->
                        run(
                            observer -> {
                              throw failure;
                            })))
        .isSameAs(failure);
  }

  private static CrashPoints.Run run(Work work) {
    return new CrashPoints.Run() {
      @Override
      public void work(Observer observer) {
        work.run(observer);
      }

      @Override
      public void recover() {}
    };
  }

  private interface Work {
    void run(Observer observer);
  }

  /** Sends once what it has written down, unless its recovery believes in luck. */
  private static final class Transfer implements CrashPoints.Run {
    private final boolean careful;
    private final List<String> runs;
    private final List<String> log = new ArrayList<>();
    private boolean sent;
    private boolean marked;

    Transfer(boolean careful, List<String> runs) {
      this.careful = careful;
      this.runs = runs;
    }

    @Override
    public void work(Observer observer) {
      pass(observer, "written");
      sent = true;
      pass(observer, "sent");
      pass(observer, "marked");
      marked = true;
    }

    private void pass(Observer observer, String step) {
      observer.step(step);
      log.add(step);
    }

    @Override
    public void recover() {
      log.add("recover");
      boolean sentAgain = sent && !marked && !careful && log.contains("sent");
      assertThat(sentAgain).as("sent again").isFalse();
    }

    @Override
    public void close() {
      log.add("close");
      runs.add(String.join(" ", log));
    }
  }
}
