package dev.ashlar.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.report.Report;
import dev.ashlar.serialization.JsonCodec;
import dev.ashlar.tracing.collate.Collator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Forty orders, of which the 17th meets a payment that dies once it has charged. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ShopLogsTest {

  private static final String[] OF_ORDERS = {
    "customers", "orders", "payment", "stock", "recommendations", "invoices", "loyalty"
  };
  private static final String[] OF_OTHERS = {
    "page", "page-parts", "settlement-1", "settlement-2", "settlement-3"
  };
  private static final Pattern CORRELATION = Pattern.compile("\"correlation_id\":\"([^\"]*)\"");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path folder;

  private Path faults;

  @BeforeEach
  void writeFaults() throws IOException {
    faults =
        Files.writeString(
            folder.resolve("faults.txt"),
            "crash payment at committed every 17 most 1\nfail page-prices every 4 times 1 most 1\n");
  }

  private int shop(String... words) throws InterruptedException {
    List<String> all = new ArrayList<>(List.of("--orders", "-", "--faults", faults.toString()));
    all.addAll(List.of(words));
    String orders =
        IntStream.rangeClosed(1, 40)
            .mapToObj(
                i ->
                    "{\"id\":\"order-"
                        + i
                        + "\",\"customer\":\"payload-customer\",\"items\":"
                        + "[{\"sku\":\"payload-sku\",\"quantity\":2}],\"amountCents\":987654}\n")
            .collect(Collectors.joining());
    return new Shop(
            new ByteArrayInputStream(orders.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            TimeSource.system())
        .run(all);
  }

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theTimelineOfTheOrderThatMetAFaultEndsTheRun() throws Exception {
    Path kept = folder.resolve("kept");

    assertThat(shop("--keep", kept.toString())).as(err.toString(StandardCharsets.UTF_8)).isZero();

    for (String strategy : List.of("dual", "outbox")) {
      assertLogged(kept.resolve("logs").resolve(strategy));
      assertCausal(timeline(kept.resolve("logs").resolve(strategy)));
    }
    assertThat(shown())
        .contains(
            "\ndual writes and plain retries: order-17, which met crash payment at committed\n")
        .contains("\noutbox and inbox: order-17, which met crash payment at committed\n");
    assertThat(shown().split("(?m)^correlation order-17$", -1)).hasSize(3);
    assertThat(shown().lines())
        .filteredOn(line -> line.startsWith(" ") && !line.contains("java -cp"))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    assertThat(timeline(kept.resolve("logs/outbox")))
        .as("the charge that is not made again")
        .contains("INFO inbox.duplicate");
    assertThat(shown())
        .contains(
            "logs are in " + kept.toRealPath().resolve("logs") + "\n  the first 50 orders that")
        .contains(" order-17 " + kept.toRealPath().resolve("logs/outbox/*.jsonl"));
  }

  /** Each service has a log of its own, with the sample alone, and no payload. */
  private static void assertLogged(Path logs) throws IOException {
    for (String service : OF_ORDERS) {
      String log = Files.readString(logs.resolve(service + ".jsonl"));
      assertThat(correlations(log)).as(service).containsOnly("order-17");
      assertThat(log).doesNotContain("payload-").doesNotContain("987654");
    }
    for (String service : OF_OTHERS) {
      assertThat(logs.resolve(service + ".jsonl")).exists();
    }
    assertThat(correlations(Files.readString(logs.resolve("page.jsonl")))).containsOnly("page-4");
    assertThat(correlations(Files.readString(logs.resolve("settlement-2.jsonl"))))
        .containsOnly("night");
  }

  private static List<String> correlations(String log) {
    return CORRELATION.matcher(log).results().map(found -> found.group(1)).toList();
  }

  private static String timeline(Path logs) throws IOException {
    Collator collator = Collator.of(new CorrelationId("order-17"));
    for (String service : OF_ORDERS) {
      try (InputStream in = Files.newInputStream(logs.resolve(service + ".jsonl"))) {
        collator.read(in);
      }
    }
    return collator.timeline().text();
  }

  /** The first payment has no end, and nobody is shown before whoever caused it. */
  private static void assertCausal(String timeline) {
    assertThat(timeline).contains("payment POST /payment, no end was logged");
    List<String> lines = timeline.lines().dropWhile(line -> !line.startsWith("lines, in")).toList();
    int customers = first(lines, "customers +request\\.start");
    int orders = first(lines, "orders +request\\.start");
    int payment = first(lines, "payment +request\\.start");
    assertThat(customers).isLessThan(orders);
    assertThat(orders).isLessThan(payment);
    for (String told : List.of("invoices", "loyalty")) {
      assertThat(payment).isLessThan(first(lines, told + " +message\\.received"));
    }
    for (String told : List.of("stock", "recommendations")) {
      assertThat(orders).isLessThan(first(lines, told + " +message\\.received"));
    }
  }

  private static int first(List<String> lines, String pattern) {
    Matcher matcher = Pattern.compile("^ +\\S+ +" + pattern).matcher("");
    for (int i = 0; i < lines.size(); i++) {
      if (matcher.reset(lines.get(i)).find()) {
        return i;
      }
    }
    throw new AssertionError(pattern + " in " + String.join("\n", lines));
  }

  @Test
  void theLogsStayAndTheReportSaysWhere() throws Exception {
    assertThat(shop("--report", "json")).as(err.toString(StandardCharsets.UTF_8)).isZero();

    assertThat(shown().lines()).hasSize(1);
    Report report = JsonCodec.of(Report.class).decode(Bytes.utf8(shown().strip()));
    assertThat(report.followed()).contains("order-17");
    Path logs = Path.of(report.logs());
    try {
      assertThat(logs.resolve("outbox/payment.jsonl")).isNotEmptyFile();
      assertThat(logs.resolveSibling("outbox")).doesNotExist();
    } finally {
      remove(logs.resolve(".."));
    }
  }

  @Test
  @Tag("engine")
  void servicesInProcessesOfTheirOwnLogToFilesOfTheirOwn() throws Exception {
    Path kept = folder.resolve("kept");

    assertThat(shop("--processes", "--keep", kept.toString()))
        .as(err.toString(StandardCharsets.UTF_8))
        .isZero();

    for (String strategy : List.of("dual", "outbox")) {
      assertLogged(kept.resolve("logs").resolve(strategy));
      assertCausal(timeline(kept.resolve("logs").resolve(strategy)));
    }
  }

  private static void remove(Path temporary) throws IOException {
    try (Stream<Path> files = Files.walk(temporary.toRealPath())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
