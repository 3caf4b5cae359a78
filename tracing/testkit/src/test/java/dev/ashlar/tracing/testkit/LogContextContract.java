package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.tracing.LogFields;
import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** That log lines have the ids of their own request, and threads none afterwards. */
abstract class LogContextContract extends IdsContract {

  private static final int REQUESTS = 1000;

  @Test
  @Proves("TRACE-20")
  void exceptionErrorAndInterruptRestoreContextSpanAndMdc() {
    for (Throwable failure :
        List.of(
            new IllegalStateException("on purpose"),
            new SimulatedCrash("on purpose"),
            new InterruptedException("on purpose"))) {
      MDC.put("mine", "before");
      Map<String, String> before = mdc();

      Throwable thrown =
          catchThrowable(
              () ->
                  edge(Telemetry.FULL)
                      .around(served(Headers.empty()), Headers.empty(), response -> fail(failure)));

      assertThat(thrown).isSameAs(failure);
      assertThat(mdc()).isEqualTo(before);
      assertThat(CallContext.current()).isEmpty();
      assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }
  }

  private static boolean fail(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }

  @Test
  @Proves("TRACE-21")
  void theMdcIsAfterwardsWhatItWasBefore() {
    for (Telemetry telemetry : Telemetry.values()) {
      MDC.clear();
      MDC.put("mine", "before");
      MDC.put("gone", "before");
      MDC.put(LogFields.REQUEST_ID, "outer");
      Map<String, String> before = mdc();

      serve(edge(telemetry), Headers.empty(), LogContextContract::changeMdc);

      assertThat(mdc()).as(telemetry.name()).isEqualTo(before);
    }
  }

  @Test
  @Proves("TRACE-21")
  void anEmptyMdcIsEmptyAfterwards() {
    serve(edge(Telemetry.FULL), Headers.empty(), LogContextContract::changeMdc);

    assertThat(mdc()).isEmpty();
  }

  private static void changeMdc() {
    MDC.put("mine", "changed");
    MDC.remove("gone");
    MDC.put("new", "inside");
    MDC.put(LogFields.CORRELATION_ID, "forged");
    MDC.remove(LogFields.REQUEST_ID);
  }

  private static Map<String, String> mdc() {
    Map<String, String> map = MDC.getCopyOfContextMap();
    return map == null ? Map.of() : new TreeMap<>(map);
  }

  @Test
  @Proves("TRACE-22")
  void nestedScopesShowTheInnermostIdsAndLeaveNoScopeOpen() throws Exception {
    try (LogCapture log = new LogCapture()) {
      Observer observer = edge(Telemetry.FULL);
      List<CallContext> contexts = new ArrayList<>();
      onAThreadOfItsOwn(() -> nest(observer, contexts, 4));

      for (int depth = 0; depth < 4; depth++) {
        for (String message : List.of("in " + depth, "out " + depth)) {
          ILoggingEvent line =
              log.events().stream()
                  .filter(event -> event.getMessage().equals(message))
                  .findFirst()
                  .orElseThrow();
          assertThat(line.getMDCPropertyMap())
              .containsEntry(LogFields.REQUEST_ID, contexts.get(3 - depth).request().value())
              .containsEntry(
                  LogFields.CORRELATION_ID, contexts.get(3 - depth).correlation().value());
        }
      }
      Scopes.assertAllClosed();
    }
  }

  private static void nest(Observer observer, List<CallContext> contexts, int left) {
    if (left == 0) {
      return;
    }
    CallContext context = Requests.root();
    contexts.add(context);
    context.run(
        () ->
            serve(
                observer,
                Headers.empty(),
                () -> {
                  LOGGER.info("in " + (left - 1));
                  nest(observer, contexts, left - 1);
                  LOGGER.info("out " + (left - 1));
                }));
  }

  /** A twin that leaves a scope open must not spoil the thread of the other tests. */
  private static void onAThreadOfItsOwn(Runnable body) throws Exception {
    List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
    Thread thread =
        new Thread(
            () -> {
              Throwable failure = catchThrowable(body::run);
              if (failure != null) {
                thrown.add(failure);
              }
            });
    thread.start();
    thread.join();
    assertThat(thrown).isEmpty();
  }

  @Test
  @Proves("TRACE-23")
  void noLineOfAThousandRequestsOnFourThreadsHasTheIdsOfAnother() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (LogCapture log = new LogCapture()) {
      Observer observer = edge(Telemetry.FULL);
      List<Future<?>> requests = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        String id = "request-" + i;
        requests.add(pool.submit(() -> serveAndFailSometimes(observer, id)));
      }
      for (Future<?> request : requests) {
        assertThat(request.get(60, TimeUnit.SECONDS)).isNull();
      }

      List<ILoggingEvent> own =
          log.events().stream().filter(line -> line.getMessage().startsWith("request-")).toList();
      assertThat(own).hasSize(3 * REQUESTS);
      assertThat(own)
          .allSatisfy(
              line ->
                  assertThat(line.getMDCPropertyMap().getOrDefault(LogFields.CORRELATION_ID, ""))
                      .isEqualTo(line.getMessage().replaceFirst(" .*", "")));
    } finally {
      pool.shutdownNow();
    }
  }

  private static void serveAndFailSometimes(Observer observer, String id) {
    Headers in = Headers.of(CallContext.CORRELATION_HEADER, id);
    Throwable failure =
        catchThrowable(
            () ->
                serve(
                    observer,
                    in,
                    () -> {
                      LOGGER.info(id + " one");
                      LOGGER.info(id + " two");
                      LOGGER.info(id + " three");
                      if (id.endsWith("7")) {
                        throw new IllegalStateException("on purpose");
                      }
                    }));
    assertThat(failure == null).isEqualTo(!id.endsWith("7"));
  }

  @Test
  @Proves("TRACE-24")
  void aWallClockThatJumpsChangesNoDuration() {
    for (Duration jump : List.of(Duration.ofHours(-5), Duration.ofDays(400))) {
      ManualTime time = ManualTime.nearOverflow();
      CallContext.Receiver receiver =
          new CallContext.Receiver(
              CallContext.Trust.EDGE,
              Criticality.CRITICAL,
              Duration.ofMinutes(1),
              IdSource.of(time, new SplittableRandom(1)),
              time,
              Observer.none());
      try (LogCapture log = new LogCapture()) {
        serve(
            observer(Telemetry.FULL.open(spans), receiver),
            Headers.empty(),
            () -> {
              time.advance(Duration.ofMillis(3));
              time.jumpWall(jump);
              time.advance(Duration.ofMillis(4));
            });

        assertThat(log.named("request.end")).hasSize(1);
        assertThat(LogCapture.value(log.named("request.end").get(0), "duration_ns"))
            .isEqualTo("7000000");
      }
    }
  }

  @Test
  @Proves("TRACE-24")
  void aFailedRequestHasADurationToo() {
    try (LogCapture log = new LogCapture()) {
      assertThatThrownBy(
              () ->
                  serve(
                      edge(Telemetry.FULL),
                      Headers.empty(),
                      () -> {
                        throw new IllegalStateException("on purpose");
                      }))
          .isInstanceOf(IllegalStateException.class);

      ILoggingEvent end = log.named("request.end").get(0);
      assertThat(Long.parseLong(LogCapture.value(end, "duration_ns"))).isNotNegative();
      assertThat(LogCapture.value(end, "outcome")).isEqualTo("error");
    }
  }

  static Operation operation(Operation.Kind kind) {
    return new Operation(kind, "target", Optional.empty(), Operation.Link.NONE, Map.of());
  }
}
