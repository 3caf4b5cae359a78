package dev.ashlar.core.testkit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A defect that shows under a pause only is found, reduced and repeated; its cure passes. */
class LockedCounterTest {

  private static final int RUNS = 1000;

  private static final FaultMix WITHOUT_PAUSES =
      FaultMix.none()
          .with(Kind.CUT, 2)
          .with(Kind.LOSS, 2)
          .with(Kind.CRASH, 2)
          .with(Kind.WALL_JUMP, 1)
          .with(Kind.DRIFT, 1);

  private static final Simulation<LockedCounter.Message> TRUSTING =
      Simulation.of(LockedCounter.trusting()).withLasting(LockedCounter.LASTING);

  @Test
  void withoutPausesTheDefectDoesNotShow() throws Exception {
    assertThat(TRUSTING.withFaults(WITHOUT_PAUSES).find(1, RUNS)).isEmpty();
  }

  @Test
  void underPausesItIsFoundAndReducedAndRepeated() throws Exception {
    // [readme:find]
    FaultMix mix = WITHOUT_PAUSES.with(Kind.PAUSE, 4, "a", "b", "c");
    Simulation<LockedCounter.Message> simulation = TRUSTING.withFaults(mix);
    Optional<Failure> found = simulation.find(1, 1000);
    // [/readme]

    assertThat(found).isPresent();
    Failure failure = found.get();
    assertThat(failure.isRepeatable()).isTrue();
    assertThat(failure.run().faults())
        .hasSizeLessThanOrEqualTo(5)
        .anyMatch(fault -> fault instanceof Fault.Pause);
    assertThat(failure.describe())
        .contains("is paused, from within its next step on")
        .contains("no order explains the answers");
    assertThat(linesOfTheReadme()).isNotEmpty().allMatch(failure.describe()::contains);
    int[] needed = failure.needed().stream().mapToInt(number -> number).toArray();
    Run again = simulation.replay(failure.run().seed(), needed);
    assertThat(again.violation().map(Throwable::getMessage))
        .isEqualTo(failure.run().violation().map(Throwable::getMessage));
    assertThat(simulation.replay(failure.run().seed()).isGood()).as("without faults").isTrue();
  }

  /** What stands in the page's block of output, without what is left out there. */
  private static List<String> linesOfTheReadme() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("README.md"));
    int begin =
        lines.indexOf(
            lines.stream()
                .filter(line -> line.startsWith("failed with"))
                .findFirst()
                .orElseThrow());
    List<String> block =
        lines.subList(begin, begin + lines.subList(begin, lines.size()).indexOf("```"));
    return block.stream().filter(line -> !line.strip().equals("...")).toList();
  }

  @Test
  void theCureHolds() throws Exception {
    // [doc:Simulation]
    Simulation.of(LockedCounter.fenced())
        .withFaults(FaultMix.ordinary().with(Kind.EXCESSIVE_DRIFT, 1).withFaultsMax(12))
        .withLasting(Duration.ofSeconds(10))
        .check(1000);
    // [/doc]
  }

  /** Slow enough to hold on a machine that does much else. */
  @Test
  void thousandsOfRunsTakeAMinute() throws Exception {
    Simulation<LockedCounter.Message> simulation =
        Simulation.of(LockedCounter.fenced()).withLasting(LockedCounter.LASTING);
    simulation.check(100);
    long began = TimeSource.system().nanos();
    simulation.check(RUNS);
    double minutes = (TimeSource.system().nanos() - began) / 60e9;

    System.out.printf(
        "%.0f runs a minute, of %d steps each%n", RUNS / minutes, simulation.run(1).steps());
    assertThat(RUNS / minutes).isGreaterThan(2000);
  }
}
