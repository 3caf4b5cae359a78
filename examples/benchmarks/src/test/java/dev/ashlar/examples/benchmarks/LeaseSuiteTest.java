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
 * Every peer once; each run fails by itself where two held a lock at once, a number did not grow,
 * or a lease was lost.
 */
@Tag("engine")
@DisplayName("a comparison of leases")
class LeaseSuiteTest {

  @Test
  void everyPeerTakesItsLocksAndGivesThemBack(@TempDir Path folder)
      throws IOException, InterruptedException {
    List<String> lines =
        run(
            "leases --repetitions 1 --cases pairs,contended,claims,counts --threads 2 --contenders"
                + " 2 --count-turns 3 --warm-up-millis 0 --window-millis 9000 --count-max 20",
            folder);

    for (String peer : List.of("Curator", "Ashlar leases on", "the same, its store alone")) {
      assertThat(rows(lines, peer)).as(peer).hasSizeGreaterThanOrEqualTo(4);
    }
    for (String peer : List.of("hand-written", "Ashlar leases over", "ShedLock", "Spring")) {
      assertThat(rows(lines, peer)).as(peer).hasSizeGreaterThanOrEqualTo(2);
    }
    // Whoever works on one server is not compared with who works on the other.
    assertThat(rows(lines, "Curator")).allMatch(row -> row.contains("1.00x"));
    assertThat(rows(lines, "hand-written")).allMatch(row -> row.contains("1.00x"));
    assertThat(lines).anyMatch(line -> line.contains("release: round trips | "));
  }

  @Test
  void whatIsHeldIsKept(@TempDir Path folder) throws IOException, InterruptedException {
    List<String> lines =
        run(
            "leases --repetitions 1 --cases renewals --leases 20 --renewal-warm-up-seconds 0"
                + " --renewal-seconds 6",
            folder);

    for (String peer : List.of("Ashlar leases on ZooKeeper", "Ashlar leases over JDBC")) {
      assertThat(rows(lines, peer)).singleElement().asString().contains(" | 20.0 (20.0 to 20.0)");
    }
    assertThat(lines).anyMatch(line -> line.contains("| at most 5.00 |"));
  }

  private static List<String> run(String words, Path folder)
      throws IOException, InterruptedException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    Path runs = folder.resolve("runs");
    String all = words + " --heap 256m --cell-limit-seconds 60 --folder " + runs;
    int status =
        new Benchmarks(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(complained, true, StandardCharsets.UTF_8),
                TimeSource.system())
            .run(List.of(all.split(" ", -1)));

    assertThat(complained.toString(StandardCharsets.UTF_8)).doesNotContain("FAILED");
    assertThat(status).isZero();
    assertThat(runs).doesNotExist();
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** Those with figures; the tables of goals and promises have none. */
  private static List<String> rows(List<String> lines, String start) {
    return lines.stream()
        .filter(line -> line.startsWith("| " + start) && line.contains(" to "))
        .filter(line -> line.contains("x |") || line.contains(") |"))
        .toList();
  }
}
