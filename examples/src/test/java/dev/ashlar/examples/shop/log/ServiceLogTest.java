package dev.ashlar.examples.shop.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultFile;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.tracing.LogFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class ServiceLogTest {

  private static final TimeSource TIME = TimeSource.system();

  @TempDir Path root;

  private RunLogs logs;
  private Path folder;
  private Path file;

  @BeforeEach
  void open() {
    logs =
        RunLogs.of(
            root.resolve("dual"),
            Strategy.DUAL_WRITES,
            FaultFile.parse("x", "crash payment at sent every 7"),
            TIME);
    folder = root.resolve("logs/dual");
    file = folder.resolve("payment.jsonl");
  }

  private static CallContext context(String id) {
    Deadline deadline = Deadline.after(Duration.ofSeconds(10), TIME);
    return Trail.begin(new CorrelationId(id), IdSource.system(), deadline, "test");
  }

  private static void handle(ServiceLog log, String id) throws InterruptedException {
    boolean unused =
        log.within(
            "handling",
            context(id),
            () -> {
              log.say("working");
              return true;
            });
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(file);
  }

  @Test
  void eachLineOfALoggedOrderHasTheFourIdsAndOthersHaveNone() throws Exception {
    try (ServiceLog log = logs.ofOrders("payment", () -> false)) {
      handle(log, "order-7");
      handle(log, "order-8");
      log.say("of nobody");
      CallContext caused = context("order-14");
      Operation operation = Operation.of(Operation.Kind.SERVER, "POST /payment");
      Headers sent =
          caused.call(() -> log.around(operation, Headers.empty(), out -> caused.into(out)));
      CallContext.Receiver receiver =
          new CallContext.Receiver(
              CallContext.Trust.PEER,
              caused.criticality(),
              Duration.ofHours(1),
              IdSource.system(),
              TIME,
              Observer.none());
      String unused =
          receiver
              .receive(sent)
              .call(() -> log.around(operation, Headers.empty(), out -> "handled"));
    }

    assertThat(lines()).hasSize(7);
    assertThat(lines())
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"service\":\"payment\"", "\"correlation_id\":\"order-")
                    .contains("\"request_id\":\"", "\"trace_id\":\"", "\"seq\":")
                    .doesNotContain(RoutingAppender.ROUTE));
    assertThat(lines().get(1))
        .contains("\"message\":\"working\"", "\"correlation_id\":\"order-7\"");
    assertThat(lines().get(5)).contains("\"" + LogFields.CAUSATION_ID + "\":\"");
    assertThat(MDC.get(RoutingAppender.ROUTE)).isNull();
  }

  @Test
  void linesGoToTheLogOfWhoeverTheThreadWorksFor() throws Exception {
    try (ServiceLog payment = logs.ofOrders("payment", () -> false);
        ServiceLog stock = logs.ofOrders("stock", () -> false)) {
      boolean unused =
          payment.within(
              "outer",
              context("order-7"),
              () -> {
                handle(stock, "order-7");
                LoggerFactory.getLogger("org.other").warn("of a library");
                return true;
              });
      LoggerFactory.getLogger("org.other").warn("of nobody");
    }

    assertThat(lines()).hasSize(3);
    assertThat(lines().get(1)).contains("of a library", "order-7");
    assertThat(Files.readAllLines(file.resolveSibling("stock.jsonl")))
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).contains("\"service\":\"stock\""));
  }

  @Test
  void theDeadLogNothing() throws Exception {
    AtomicBoolean dead = new AtomicBoolean();
    try (ServiceLog log = logs.ofOrders("payment", dead::get)) {
      boolean unused =
          log.within(
              "handling",
              context("order-7"),
              () -> {
                dead.set(true);
                log.say("working");
                return true;
              });
    }

    assertThat(lines()).hasSize(1);
  }

  @Test
  void aNewStartGoesOnBehindALineThatAKillHasTornOff() throws Exception {
    try (ServiceLog log = logs.ofOrders("payment", () -> false)) {
      handle(log, "order-7");
    }
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() - 40));
    try (ServiceLog log = logs.ofOrders("payment", () -> false)) {
      handle(log, "order-7");
    }

    assertThat(lines()).hasSize(6);
    List<String> timeline = Timelines.lines(folder, new CorrelationId("order-7"));
    assertThat(timeline)
        .contains("lines 5, requests 2", "read 6: others 0, copies 0, unreadable 1, too long 0");
    assertThat(timeline.get(3)).contains("payment handling, no end was logged");
  }

  @Test
  void aLogThatIsFullSaysSoOnce() throws Exception {
    String filling = "x".repeat(1023) + "\n";
    Files.writeString(file, filling.repeat((int) (LogFile.BYTES_MAX / filling.length()) - 1));
    for (int start = 0; start < 2; start++) {
      try (ServiceLog log = logs.ofOrders("payment", () -> false)) {
        for (int i = 0; i < 10; i++) {
          handle(log, "order-7");
        }
      }
    }

    List<String> lines = lines();
    assertThat(lines.get(lines.size() - 1)).contains("the log is full (8388608 bytes): ");
    assertThat(lines).filteredOn(line -> line.contains("the log is full")).hasSize(1);
    assertThat(Files.size(file)).isBetween(LogFile.BYTES_MAX, LogFile.BYTES_MAX + 2048);
  }

  @Test
  void aTimelineIsAsWideAndAsLongAsATerminalBears() throws Exception {
    try (ServiceLog log = logs.ofOrders("payment", () -> false)) {
      boolean unused =
          log.within(
              "handling",
              context("order-7"),
              () -> {
                for (int i = 0; i < 200; i++) {
                  log.say("w".repeat(200));
                }
                return true;
              });
    }

    List<String> timeline = Timelines.lines(folder, new CorrelationId("order-7"));
    assertThat(timeline)
        .hasSize(Timelines.LINES_MAX)
        .contains("... 92 more lines ...", "lines 202, requests 1")
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Timelines.COLUMNS_MAX));
  }
}
