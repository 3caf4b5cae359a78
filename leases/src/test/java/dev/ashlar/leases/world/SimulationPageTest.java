package dev.ashlar.leases.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.world.Failure;
import dev.ashlar.core.testkit.world.FaultMix;
import dev.ashlar.core.testkit.world.FaultMix.Kind;
import dev.ashlar.core.testkit.world.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What SIMULATION.md tells is what happens. */
class SimulationPageTest {

  private static final Path PAGE = Path.of("SIMULATION.md");

  @Test
  void theFailureThatIsToldIsTheOneThatIsFound() throws Exception {
    // [readme:find]
    FaultMix mix = FaultMix.none().with(Kind.SUSPENSION, 1, "a", "b", "c").withFaultsMax(1);
    Optional<Failure> found =
        Simulation.of(LeaseWorld.of(Counting::new).in(Form.without(Defence.CLAIM)))
            .withFaults(mix)
            .withLasting(Duration.ofSeconds(20))
            .find(1, 1000);
    // [/readme]

    assertThat(found).isPresent();
    String described = found.get().describe();
    assertThat(told()).as(described).hasSizeGreaterThan(20).allMatch(described::contains);
  }

  /** What stands in the page's block of output, without what is left out there. */
  private static List<String> told() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int begin =
        lines.indexOf(
            lines.stream()
                .filter(line -> line.startsWith("failed with"))
                .findFirst()
                .orElseThrow());
    List<String> block = lines.subList(begin, lines.size());
    return block.subList(0, block.indexOf("```")).stream()
        .filter(line -> !line.strip().equals("..."))
        .toList();
  }

  @Test
  void everyDefenceIsInTheTableWithItsNumberOfSeeds() throws Exception {
    List<String> lines = Files.readAllLines(PAGE);
    for (Defence defence : Defence.values()) {
      assertThat(lines)
          .filteredOn(line -> line.startsWith("| `" + defence + "` |"))
          .singleElement()
          .asString()
          .endsWith(" " + defence.foundWithin() + " |");
    }
  }
}
