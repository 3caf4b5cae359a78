package dev.ashlar.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every peer and every case once, with 100 records; the figures mean nothing, that they are there
 * does.
 */
@Tag("engine")
@DisplayName("a comparison of logs")
class LogSuiteTest {

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

  private int run(String... words) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(complained, true, StandardCharsets.UTF_8);
    return new Benchmarks(out, err, TimeSource.system()).run(List.of(words));
  }

  private String complaint() {
    return complained.toString(StandardCharsets.UTF_8);
  }

  @Test
  void everyPeerDoesEveryCaseAndLosesNothing(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path out = folder.resolve("RESULTS.md");
    int status =
        run(
            ("log --repetitions 1 --producers 2 --in-flight 10 --warm-up-millis 0 --count-max 100"
                    + " --window-millis 9000 --read-records 100 --reopen-records 100 --heap 256m"
                    + " --cell-limit-seconds 60 --folder "
                    + folder.resolve("runs")
                    + " --out "
                    + out)
                .split(" ", -1));

    assertThat(complaint()).doesNotContain("FAILED");
    assertThat(status).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines.get(0)).isEqualTo("## `log`");
    assertThat(lines.get(2)).startsWith("Made by `examples/benchmarks/run log --repetitions 1");
    assertThat(rows(lines, "| Yardstick C")).allMatch(row -> row.contains("1.00x"));
    for (String title :
        List.of(
            "Ashlar journal", "Ashlar log", "Chronicle", "Artemis", "RocksDB", "SQLite", "H2")) {
      assertThat(rows(lines, "| " + title)).isNotEmpty().noneMatch(row -> row.contains("| - |"));
    }
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  /** Those with figures; the table of promises has none. */
  private static List<String> rows(List<String> lines, String start) {
    return lines.stream().filter(line -> line.startsWith(start) && line.contains(" to ")).toList();
  }

  @Test
  void whatMeansNothingIsRefusedWithWhatWasExpected() throws IOException, InterruptedException {
    assertThat(run("log", "--peers", "nobody")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("log", "--records", "1")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("log", "--cases", "none")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("log", "--colour", "red")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("log", "word")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("queue", "--shapes", "8x0b1")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("log", "--repetitions")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(run("nothing")).isEqualTo(Benchmarks.BAD_USE);
    assertThat(complaint())
        .contains("--peers: nobody (expected: of [yardstick-c, ")
        .contains("--records: 1 (expected: 16 to 60000)")
        .contains("--cases: none (expected: append")
        .contains("--colour: no such option (expected: ")
        .contains("--repetitions: no value")
        .contains("word: no option (expected: ")
        .contains("--shapes: 8x0b1 (expected: as 8x8b100")
        .contains("nothing: no such suite");
  }
}
