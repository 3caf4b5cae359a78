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

/**
 * Every peer once; each run fails by itself where a message was lost, changed, delivered twice or
 * came back after its settlement.
 */
@Tag("engine")
@DisplayName("a comparison of queues")
class QueueSuiteTest {

  private static final List<String> PEERS =
      List.of("Yardstick: two", "Ashlar queue", "Artemis broker", "PostgreSQL", "SQLite", "H2");

  @Test
  void everyPeerDeliversAllOnce(@TempDir Path folder) throws IOException, InterruptedException {
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
                ("queue --repetitions 1 --shapes 2x2b1,2x2b10 --warm-up-millis 0 --window-millis"
                        + " 9000 --count-max 100 --heap 256m --cell-limit-seconds 60 --folder "
                        + folder.resolve("runs"))
                    .split(" ", -1)));

    assertThat(complained.toString(StandardCharsets.UTF_8)).doesNotContain("FAILED");
    assertThat(status).isZero();
    List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
    for (String peer : PEERS) {
      assertThat(lines)
          .filteredOn(line -> line.startsWith("| " + peer) && line.contains(" to "))
          .isNotEmpty()
          .noneMatch(row -> row.contains("| - |"));
    }
    assertThat(folder.resolve("runs")).doesNotExist();
  }
}
