package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process is started, stopped, continued and killed, and heard to its end. */
class ChildJvmTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Says what it was asked to, and then counts or waits. */
  public static final class Child {

    private Child() {}

    /** Runs. */
    public static void main(String[] args) throws Exception {
      System.out.println("began " + String.join(" ", args));
      switch (args[0]) {
        case "ends" -> System.exit(Integer.parseInt(args[1]));
        case "torn" -> {
          System.out.print("torn");
          System.out.flush();
          TimeSource.system().sleep(PATIENCE);
        }
        case "counts" -> {
          for (int i = 0; i < 100_000; i++) {
            System.out.println(i);
            TimeSource.system().sleep(Duration.ofMillis(1));
          }
        }
        case "bears" -> {
          ChildJvm grandchild = ChildJvm.start(Child.class, ChildJvm.SMALL, "counts");
          grandchild.awaitLines(1, PATIENCE);
          grandchild.stop();
          System.out.println("bore " + grandchild.pid());
          System.exit(0);
        }
        default -> System.out.println("heard " + System.in.read());
      }
    }
  }

  private static ChildJvm start(String... arguments) throws Exception {
    return ChildJvm.start(Child.class, ChildJvm.SMALL, arguments);
  }

  @Test
  void itsLinesAndItsExitValueAreHeard() throws Exception {
    // [doc:ChildJvm]
    try (ChildJvm child = ChildJvm.start(Child.class, ChildJvm.SMALL, "ends", "7")) {
      assertThat(child.awaitLine("began", PATIENCE)).isEqualTo("began ends 7");
      assertThat(child.awaitEnd(PATIENCE)).isEqualTo(7);
    }
    // [/doc]
  }

  @Test
  void aStoppedChildDoesNothingUntilItMayGoOn() throws Exception {
    try (ChildJvm child = start("counts")) {
      child.awaitLines(20, PATIENCE);
      child.stop();
      TimeSource.system().sleep(Duration.ofMillis(50));
      int told = child.lines().size();
      TimeSource.system().sleep(Duration.ofMillis(200));
      assertThat(child.lines()).hasSize(told);
      child.go();
      assertThat(child.awaitLines(told + 20, PATIENCE)).hasSizeGreaterThanOrEqualTo(told + 20);
    }
  }

  @Test
  void whatItSaidBeforeItsDeathIsHeardAndNothingTorn() throws Exception {
    try (ChildJvm child = start("counts")) {
      List<String> told = child.killAfter(50, PATIENCE);
      for (int i = 1; i < told.size(); i++) {
        assertThat(told.get(i)).isEqualTo(Integer.toString(i - 1));
      }
      assertThat(child.awaitEnd(PATIENCE)).isEqualTo(128 + 9);
    }
    try (ChildJvm child = start("torn")) {
      assertThat(child.killAfter(1, PATIENCE)).containsExactly("began torn");
    }
  }

  @Test
  void aStoppedChildDoesNotOutliveTheOrderlyEndOfItsParent() throws Exception {
    try (ChildJvm child = start("bears")) {
      long pid = Long.parseLong(child.awaitLine("bore", PATIENCE).substring(5));
      assertThat(child.awaitEnd(PATIENCE)).isZero();
      // Dead, and perhaps not buried yet.
      Optional<ProcessHandle> grandchild = ProcessHandle.of(pid);
      if (grandchild.isPresent()) {
        grandchild.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void whatIsWaitedForInVainFailsWithItsName() throws Exception {
    try (ChildJvm child = start("ends", "0")) {
      assertThatThrownBy(() -> child.awaitLine("never", PATIENCE))
          .isInstanceOf(AssertionError.class)
          .hasMessage("child: ended without never");
      assertThatThrownBy(() -> child.killAfter(2, PATIENCE))
          .isInstanceOf(AssertionError.class)
          .hasMessage("child: ended after 1 lines");
    }
    try (ChildJvm child = start("waits")) {
      assertThatThrownBy(() -> child.awaitEnd(Duration.ofMillis(100)))
          .isInstanceOf(AssertionError.class)
          .hasMessage("child: its end not within PT0.1S");
      child.awaitLine("began", PATIENCE);
      child.tell("x");
      assertThat(child.awaitLine("heard", PATIENCE)).isEqualTo("heard 120");
    }
  }
}
