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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a comparison of queues in memory")
class MemorySuiteTest {

  @Test
  void everyPeerTakesItsTurns(@TempDir Path folder) throws IOException, InterruptedException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    int status =
        new Benchmarks(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(complained, true, StandardCharsets.UTF_8),
                TimeSource.system())
            .run(
                List.of(
                    ("memory --short --repetitions 1 --warm-up-millis 0 --window-millis 60000"
                            + " --count-max 20000 --heap 64m --folder "
                            + folder.resolve("runs"))
                        .split(" ", -1)));

    assertThat(complained.toString(StandardCharsets.UTF_8)).doesNotContain("FAILED");
    assertThat(status).isZero();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("| LinkedBlockingQueue | ", "| Ashlar queue in memory | ")
        .doesNotContain("| - |");
  }
}
