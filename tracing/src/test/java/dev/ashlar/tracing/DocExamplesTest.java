package dev.ashlar.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.TimeSource;
import dev.ashlar.tracing.Boundary.EgressPolicy;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** The code in the doc comments and the README, run. */
class DocExamplesTest {

  private final List<String> seen = new CopyOnWriteArrayList<>();

  private static CallContext.Receiver peer() {
    return new CallContext.Receiver(
        CallContext.Trust.PEER,
        Criticality.CRITICAL,
        Duration.ofSeconds(5),
        IdSource.system(),
        TimeSource.system(),
        Observer.none());
  }

  private boolean charge() {
    return seen.add(id());
  }

  private static String id() {
    return CallContext.current().orElseThrow().correlation().value();
  }

  @Test
  void aRequestIsServed() throws Exception {
    CallContext.Receiver peer = peer();
    Headers headers = Headers.of(CallContext.CORRELATION_HEADER, "order-17");
    Operation operation =
        new Operation(
            Operation.Kind.SERVER,
            "POST /charges",
            Optional.of(headers),
            Operation.Link.PARENT,
            Map.of());
    // [doc:Boundary]
    Boundary boundary = Boundary.to(EgressPolicy.hosts("shop.internal")).withBaggage("tenant");
    // [/doc]

    // [doc:Tracing]
    Tracing tracing = Tracing.of(OpenTelemetry.noop(), "billing", peer, boundary);
    CallContext context = peer.receive(headers);
    context.call(() -> tracing.around(operation, Headers.empty(), response -> charge()));
    // [/doc]

    assertThat(seen).containsExactly("order-17");
  }

  @Test
  void workCrossesThreads() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    CompletableFuture<String> reply = new CompletableFuture<>();
    CallContext context = peer().receive(Headers.of(CallContext.CORRELATION_HEADER, "order-17"));
    String order = "17";

    context.run(() -> handOver(pool, timer, reply, order));
    assertThat(reply.complete("yes")).isTrue();
    timer.shutdown();
    assertThat(timer.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    pool.shutdown();
    assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();

    assertThat(seen)
        .containsExactlyInAnyOrder("reserve order-17", "remind order-17", "ship order-17");
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private void handOver(
      Executor pool,
      ScheduledExecutorService timer,
      CompletableFuture<String> reply,
      String order) {
    // [doc:ContextSnapshot]
    Executor carrying = ContextSnapshot.carrying(pool);
    carrying.execute(() -> reserve(order));
    timer.schedule(ContextSnapshot.now().wrap(() -> remind(order)), 1, TimeUnit.MILLISECONDS);
    reply.thenAcceptAsync(answer -> ship(answer), ContextSnapshot.now().on(pool));
    // [/doc]
  }

  private void reserve(String order) {
    seen.add((order.isEmpty() ? "" : "reserve ") + id());
  }

  private void remind(String order) {
    seen.add((order.isEmpty() ? "" : "remind ") + id());
  }

  private void ship(String answer) {
    seen.add((answer.isEmpty() ? "" : "ship ") + id());
  }

  @Test
  void anMdcMayHoldNull() {
    MDC.put("empty", null);
    try {
      ContextSnapshot snapshot = ContextSnapshot.now();

      assertThat(snapshot.logFields()).doesNotContainKey("empty");
      snapshot.run(() -> assertThat(MDC.getCopyOfContextMap()).containsKey("empty"));
    } finally {
      MDC.clear();
    }
  }

  @Test
  void aLayoutHandsOverWhatItHas() {
    JsonLines lines = JsonLines.of("billing", IdSource.system());
    try (LogCapture log = new LogCapture()) {
      LoggerFactory.getLogger("application").info("charged");
      ILoggingEvent event = log.events().get(0);

      // [doc:JsonLines]
      JsonLine line = lines.line(event.getInstant(), event.getLevel().toString());
      line.with("logger", event.getLoggerName()).with("thread", event.getThreadName());
      line.with("message", event.getFormattedMessage()).withAll(event.getMDCPropertyMap());
      // [/doc]

      assertThat(line.text()).contains("\"message\":\"charged\"", "\"seq\":1,");
    }
  }
}
