package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.tracing.Boundary;
import dev.ashlar.tracing.Boundary.Egress;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What crosses the boundary of a program, and what does not. */
abstract class BoundaryContract extends PropagationContract {

  private static final Headers PUT_IN_BY_HAND =
      Headers.of("Correlation-ID", "mine")
          .plus("Ashlar-Context", "v=1;req=r")
          .plus("TraceParent", VALID)
          .plus("TraceState", "vendor=1")
          .plus("Baggage", "tenant=blue,secret=x")
          .plus("Accept", "text/plain");

  @Test
  @Proves("TRACE-15")
  void atThePublicEdgeBaggageIsDropped() {
    Observer edge =
        observer(Telemetry.FULL.open(spans), Requests.receiver(CallContext.Trust.EDGE), BOUNDARY);
    Headers in = Headers.of(BAGGAGE, "tenant=blue,secret=x").plus(PARENT, VALID);

    assertThat(baggageInside(edge, served(in)).asMap()).isEmpty();
    assertThat(spanInside(edge, served(in)).getTraceId()).isNotEqualTo(TRACE_ID);
  }

  @Test
  @Proves("TRACE-15")
  void fromAPeerOnlyBaggageOnTheListPasses() {
    Headers in = Headers.of(BAGGAGE, "tenant=blue,secret=x").plus(BAGGAGE, "region=north,other=1");

    Baggage inside = baggageInside(peer(Telemetry.FULL), served(in));

    assertThat(inside.asMap()).containsOnlyKeys("tenant", "region");
    assertThat(inside.getEntryValue("tenant")).isEqualTo("blue");
  }

  @Test
  @Proves("TRACE-15")
  void aMessageDoesNotInheritTheBaggageOfWhoeverHandlesIt() throws Exception {
    Operation consumed =
        incoming(Operation.Kind.CONSUMER, Operation.Link.REFERENCE, Headers.empty());
    Context other = Baggage.builder().put("tenant", "other").build().storeInContext(Context.root());

    Baggage inside = in(other, () -> baggageInside(peer(Telemetry.FULL), consumed));

    assertThat(inside.asMap()).isEmpty();
  }

  @Test
  @Proves("TRACE-16")
  void aStrangerGetsNothingWhateverWasPutIn() throws Exception {
    for (String host :
        List.of("example.org", "shop.internal.example.org", "evilshop.internal", "")) {
      Headers sent =
          in(withBaggage(), () -> sent(peer(Telemetry.FULL), callTo(host), PUT_IN_BY_HAND));

      assertThat(names(sent)).as(host).containsExactly("Accept");
    }
  }

  @Test
  @Proves("TRACE-16")
  void aPartnerGetsExactlyTheHeadersOfTheTrace() throws Exception {
    Boundary traceOnly = Boundary.to(operation -> Egress.TRACE_ONLY).withBaggage("tenant");
    Observer observer =
        observer(Telemetry.FULL.open(spans), Requests.receiver(CallContext.Trust.PEER), traceOnly);

    Headers sent =
        in(withBaggage(), () -> sent(observer, callTo("partner.example"), PUT_IN_BY_HAND));

    assertThat(names(sent)).containsExactlyInAnyOrder("Accept", PARENT, STATE);
    assertThat(sent.first(PARENT).orElseThrow()).contains("a".repeat(32));
    assertThat(sent.first(STATE)).contains("own=1");
  }

  @Test
  @Proves("TRACE-16")
  void aHostOfOnesOwnGetsIdsTraceAndTheBaggageOnTheList() throws Exception {
    for (String host : List.of("shop.internal", "Stock.Shop.Internal")) {
      Headers sent = in(withBaggage(), () -> sent(peer(Telemetry.FULL), callTo(host)));

      assertThat(names(sent))
          .containsExactly("correlation-id", "ashlar-context", PARENT, STATE, BAGGAGE);
      assertThat(sent.first(BAGGAGE)).contains("tenant=blue");
    }
  }

  private static Context withBaggage() {
    SpanContext span =
        SpanContext.create(
            "a".repeat(32),
            "b".repeat(16),
            TraceFlags.getSampled(),
            TraceState.builder().put("own", "1").build());
    Baggage baggage = Baggage.builder().put("tenant", "blue").put("secret", "x").build();
    return baggage.storeInContext(Context.root().with(Span.wrap(span)));
  }

  @Test
  @Proves("TRACE-17")
  void whatIsAddedStaysBelowTheCapWhateverTheBaggage() throws Exception {
    Seeds.check(
        200,
        (seed, random) -> {
          int cap = random.nextInt(Boundary.BYTES_LEAST, Boundary.BYTES_MOST + 1);
          Boundary boundary = BOUNDARY.withBytesMax(cap);
          Observer observer =
              observer(
                  Telemetry.FULL.open(spans), Requests.receiver(CallContext.Trust.PEER), boundary);
          Context ambient = hugeBaggage(random).storeInContext(Context.root());
          Operation.Kind kind =
              random.nextBoolean() ? Operation.Kind.CLIENT : Operation.Kind.PRODUCER;
          Operation operation =
              new Operation(
                  kind,
                  "orders",
                  Optional.empty(),
                  Operation.Link.NONE,
                  Map.of(Boundary.EgressPolicy.HOST, "shop.internal"));

          Headers sent = in(ambient, () -> sent(observer, operation));

          assertThat(bytes(sent)).isLessThanOrEqualTo(cap);
          assertThat(names(sent)).contains("correlation-id", "ashlar-context", PARENT);
        });
  }

  private static Baggage hugeBaggage(RandomGenerator random) {
    BaggageBuilder baggage = Baggage.builder();
    for (String name : List.of("tenant", "region", "secret")) {
      baggage.put(name, "\u00e4 x".repeat(random.nextInt(1500)));
    }
    return baggage.build();
  }

  private static int bytes(Headers headers) {
    int[] sum = new int[1];
    headers.forEach((name, value) -> sum[0] += name.length() + value.length());
    return sum[0];
  }

  @Test
  @Proves("TRACE-17")
  void fullHeadersAreSentAsTheyAre() {
    Headers full = Headers.empty();
    for (int i = 0; i < Headers.COUNT_MAX; i++) {
      full = full.plus("name-" + i, "value");
    }

    assertThat(sent(peer(Telemetry.FULL), callTo("shop.internal"), full)).isEqualTo(full);
  }
}
