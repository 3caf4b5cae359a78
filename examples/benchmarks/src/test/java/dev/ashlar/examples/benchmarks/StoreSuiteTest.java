package dev.ashlar.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every peer once; each run fails by itself where an event is not there, or not as it was. */
@Tag("engine")
@DisplayName("a comparison of event stores")
class StoreSuiteTest {

  @Test
  void everyPeerKeepsWhatWasAppended(@TempDir Path folder)
      throws IOException, InterruptedException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    Benchmarks benchmarks =
        new Benchmarks(
            new PrintStream(printed, true, StandardCharsets.UTF_8),
            new PrintStream(complained, true, StandardCharsets.UTF_8),
            TimeSource.system());

    int status =
        benchmarks.run(
            List.of(
                ("store --repetitions 2 --threads 2 --streams 300 --reopen-events 1000"
                        + " --warm-up-millis 0 --window-millis 9000 --count-max 100 --heap 256m"
                        + " --cell-limit-seconds 60 --folder "
                        + folder.resolve("runs"))
                    .split(" ", -1)));

    assertThat(complained.toString(StandardCharsets.UTF_8)).doesNotContain("FAILED");
    assertThat(status).isZero();
    List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
    for (String peer : List.of("SQLite", "Ashlar event store")) {
      assertThat(lines)
          .filteredOn(line -> line.startsWith("| " + peer) && line.contains(" to "))
          .hasSize(3)
          .noneMatch(row -> row.contains("| - |"));
    }
    assertThat(lines).anyMatch(line -> line.contains("| at most 1000 |"));
    assertThat(folder.resolve("runs")).doesNotExist();
  }
}
