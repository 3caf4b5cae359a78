package dev.ashlar.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.report.Report;
import dev.ashlar.serialization.JsonCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ShopTest {

  private static final String ORDER =
      "{\"id\":\"o-1\",\"customer\":\"c-9\",\"items\":[{\"sku\":\"tea\",\"quantity\":2}],\"amountCents\":1250}\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  private int shop(String input, String... words) throws InterruptedException {
    out.reset();
    err.reset();
    Shop shop =
        new Shop(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            TimeSource.system());
    List<String> all = new ArrayList<>(List.of(words));
    if (!all.contains("--keep")) {
      // Logs stay after a run; these are to go with the test.
      all.addAll(List.of("--keep", folder.resolve("run").toString()));
    }
    return shop.run(all);
  }

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String told() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private Report report() {
    return JsonCodec.of(Report.class).decode(Bytes.utf8(shown()));
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void badUseIsToldAndIsStatusTwo() throws Exception {
    String faults = file("faults.txt", "# mine\ncrash kitchen at sent every 3\n");

    assertThat(shop("", "--bogus")).isEqualTo(2);
    assertThat(told()).isEqualTo("shop: unknown option: --bogus (see --help)\n");
    assertThat(shop("", "--faults", faults)).isEqualTo(2);
    assertThat(told()).startsWith("shop: " + faults + ":2: service 'kitchen' (expected: ");
    assertThat(shop("", "--faults", folder.resolve("no").toString())).isEqualTo(2);
    assertThat(told()).endsWith("no: no such file\n");
    assertThat(shop("", "--orders", folder.resolve("no").toString())).isEqualTo(2);
    assertThat(shop("", "--keep", folder.toString())).isEqualTo(2);
    assertThat(told()).contains("is not empty");
    assertThat(shown()).isEmpty();
  }

  @Test
  void noValidOrderIsStatusTwo() throws Exception {
    assertThat(shop("nonsense\n\n[]\n", "--orders", "-")).isEqualTo(2);

    assertThat(told())
        .isEqualTo(
            """
            <stdin>:1: no JSON, byte 0
            <stdin>:3: array (expected: object), byte 0
            shop: no valid order; bad lines: 2
            """);
  }

  @Test
  void helpAndFaultsArePrinted() throws Exception {
    assertThat(shop("", "--help")).isZero();
    assertThat(shown())
        .contains(
            "--count",
            "--seed",
            "--orders",
            "--faults",
            "--print-faults",
            "--processes",
            "--time-limit",
            "--keep",
            "--report",
            "16384",
            "100000000",
            "Exit status");
    assertThat(shop("", "--print-faults")).isZero();
    assertThat(shown()).contains("crash payment at committed every");
  }

  @Test
  void badLinesAreToldAndTheRestGoesOn() throws Exception {
    String faults = file("none.txt", "");

    int status = shop("{\n" + ORDER, "--orders", "-", "--faults", faults, "--report", "json");

    assertThat(status).isZero();
    assertThat(told()).startsWith("<stdin>:1: end of the data, byte 1\n1 orders; bad lines: 1\n");
    assertThat(report().orders()).isEqualTo(1);
    assertThat(report().badLines()).isEqualTo(1);
    assertThat(report().seed()).isEmpty();
    assertThat(report().strategies()).allMatch(Report.Row::clean);
  }

  @Test
  void underTheSameFaultsTheFirstStrategyErrsAndTheSecondDoesNot() throws Exception {
    Path kept = folder.resolve("kept");

    int status =
        shop(
            "",
            "--count",
            "400",
            "--engine-leases",
            "jdbc",
            "--report",
            "json",
            "--keep",
            kept.toString());

    assertThat(status).as(told()).isZero();
    assertErrsAndDoesNot(400);
    assertThat(kept.resolve("outbox/payment.mv.db")).exists();
  }

  private void assertErrsAndDoesNot(long orders) {
    Report.Row dual = report().strategies().get(0);
    Report.Row outbox = report().strategies().get(1);
    assertThat(dual.anomalies().ordersIn()).isEqualTo(orders);
    assertThat(dual.anomalies().chargedTwice()).isPositive();
    assertThat(dual.anomalies().stockTakenTwice()).isPositive();
    assertThat(dual.anomalies().lost()).isPositive();
    assertThat(dual.anomalies().settledTwice()).isPositive();
    assertThat(dual.pages().failed()).isPositive();
    assertThat(dual.clean()).isFalse();
    assertThat(outbox.anomalies().ordersIn()).isEqualTo(orders);
    assertThat(outbox.anomalies().isClean()).as("%s", outbox).isTrue();
    assertThat(outbox.cameToRest()).isTrue();
    assertThat(outbox.pages().failed()).isZero();
    assertThat(outbox.pages().degraded()).isPositive();
    assertThat(outbox.faults())
        .containsKeys("crash", "duplicate", "delay", "slow", "fail", "refuse");
    assertThat(outbox.faults().get("crash")).isPositive();
  }

  @Test
  @Tag("engine")
  void servicesInProcessesOfTheirOwnSurviveBeingKilled() throws Exception {
    int status = shop("", "--count", "400", "--report", "json", "--processes");

    assertThat(status).as(told()).isZero();
    assertErrsAndDoesNot(400);
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void whatFailsForGoodIsStuckAndStatusOne() throws Exception {
    String faults = file("for-good.txt", "fail loyalty every 2 times 1000\n");

    int status =
        shop("", "--count", "3", "--faults", faults, "--time-limit", "5", "--report", "json");

    assertThat(status).isEqualTo(1);
    Report.Row outbox = report().strategies().get(1);
    assertThat(outbox.anomalies().stuck()).isEqualTo(1);
    assertThat(outbox.anomalies().lost()).isZero();
    assertThat(outbox.clean()).isFalse();
    assertThat(outbox.cameToRest()).isFalse();
  }
}
