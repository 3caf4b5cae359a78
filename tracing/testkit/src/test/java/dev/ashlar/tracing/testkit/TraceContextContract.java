package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How trace parent and trace state come in and go out, and where spans stand. */
abstract class TraceContextContract extends PropagationContract {

  private static final int ROUNDS = 500;

  @Test
  @Proves("TRACE-1")
  void whatIsInjectedIsWhatIsExtracted() throws Exception {
    Observer observer = peer(Telemetry.NOOP);
    Seeds.check(
        ROUNDS,
        (seed, random) -> {
          SpanContext sender =
              SpanContext.create(
                  hex(random, 32),
                  hex(random, 16),
                  TraceFlags.fromByte((byte) random.nextInt(256)),
                  state(random.nextInt(5)));

          Headers sent =
              in(
                  Context.root().with(Span.wrap(sender)),
                  () -> sent(observer, callTo("stock.shop.internal")));
          SpanContext received = spanInside(observer, served(sent));

          assertThat(received.getTraceId()).isEqualTo(sender.getTraceId());
          assertThat(received.getSpanId()).isEqualTo(sender.getSpanId());
          assertThat(received.getTraceFlags()).isEqualTo(sender.getTraceFlags());
          assertThat(received.getTraceState()).isEqualTo(sender.getTraceState());
        });
  }

  private static TraceState state(int members) {
    return IntStream.range(0, members)
        .boxed()
        .reduce(
            TraceState.builder(),
            (builder, i) -> builder.put("vendor" + i, "value-" + i),
            (one, other) -> one)
        .build();
  }

  @Test
  @Proves("TRACE-2")
  void aMalformedParentStartsANewTraceAndDropsTheState() {
    for (String malformed : malformedParents()) {
      Headers in = Headers.of(PARENT, malformed).plus(STATE, "vendor=1");

      Headers sent = sentOn(peer(Telemetry.FULL), in);

      String parent = sent.first(PARENT).orElseThrow();
      assertThat(parent).as(malformed).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
      assertThat(parent).as(malformed).doesNotContain(TRACE_ID);
      assertThat(sent.first(STATE)).as(malformed).isEmpty();
    }
  }

  private static List<String> malformedParents() {
    return List.of(
        "",
        "00",
        VALID.substring(1),
        VALID.substring(0, VALID.length() - 1),
        VALID + "0",
        VALID + "-extra",
        VALID.toUpperCase(Locale.ROOT),
        VALID.replace("00f067", "00F067"),
        VALID.replaceFirst("00-", "ff-"),
        VALID.replaceFirst("00-", "0-"),
        VALID.replace(TRACE_ID, "0".repeat(32)),
        VALID.replace(SPAN_ID, "0".repeat(16)),
        VALID.replace("4bf9", "4bg9"),
        VALID.replace('-', '_'),
        "x".repeat(Headers.VALUE_MAX));
  }

  @Test
  @Proves("TRACE-3")
  void aFutureVersionIsContinued() {
    for (String future :
        List.of(VALID.replaceFirst("00-", "cc-"), VALID.replaceFirst("00-", "cc-") + "-what-is")) {
      Headers sent = sentOn(peer(Telemetry.FULL), Headers.of(PARENT, future));

      assertThat(sent.first(PARENT).orElseThrow()).startsWith("00-" + TRACE_ID + "-");
    }
  }

  @Test
  @Proves("TRACE-4")
  void twoParentsAreAsGoodAsNone() {
    for (String other : List.of(VALID, VALID.replace(SPAN_ID, "b9c7c989f97918e1"))) {
      Headers in = Headers.of(PARENT, VALID).plus("TraceParent", other).plus(STATE, "vendor=1");

      Headers sent = sentOn(peer(Telemetry.FULL), in);

      assertThat(sent.first(PARENT).orElseThrow()).doesNotContain(TRACE_ID);
      assertThat(sent.first(STATE)).isEmpty();
    }
  }

  @Test
  @Proves("TRACE-4")
  void severalStatesAreOneListInTheirOrder() {
    Headers in =
        Headers.of(PARENT, VALID).plus(STATE, "a=1,b=2").plus("Other", "x").plus(STATE, "c=3");

    assertThat(sentOn(peer(Telemetry.FULL), in).all(STATE)).containsExactly("a=1,b=2,c=3");
  }

  @Test
  @Proves("TRACE-5")
  void namesOfHeadersMatchInAnyCase() {
    for (String name : List.of("traceparent", "TraceParent", "TRACEPARENT")) {
      String state = name.replace("parent", "state").replace("Parent", "State");
      Headers in = Headers.of(name, VALID).plus(state.replace("TRACEPARENT", "TRACESTATE"), "v=1");

      Headers sent = sentOn(peer(Telemetry.FULL), in);

      assertThat(sent.first(PARENT).orElseThrow()).startsWith("00-" + TRACE_ID + "-");
      assertThat(sent.first(STATE)).contains("v=1");
    }
  }

  @Test
  @Proves("TRACE-6")
  void aFullStateGoesOnAsItCameIn() {
    String full =
        IntStream.range(0, 32)
            .mapToObj(i -> "v" + (40 - i) + "=x" + i)
            .collect(Collectors.joining(","));

    Headers sent = sentOn(peer(Telemetry.FULL), Headers.of(PARENT, VALID).plus(STATE, full));

    assertThat(sent.first(STATE)).contains(full);
  }

  @Test
  @Proves("TRACE-6")
  void neverMoreThan32MembersGoOn() {
    String tooMany =
        IntStream.range(0, 33).mapToObj(i -> "v" + i + "=x").collect(Collectors.joining(","));

    Headers sent = sentOn(peer(Telemetry.FULL), Headers.of(PARENT, VALID).plus(STATE, tooMany));

    assertThat(sent.first(PARENT).orElseThrow()).contains(TRACE_ID);
    assertThat(sent.first(STATE).map(state -> state.split(",", -1).length).orElse(0))
        .isLessThanOrEqualTo(32);
  }

  @Test
  @Proves("TRACE-7")
  void theRandomBitSurvivesAHop() {
    for (Telemetry telemetry : List.of(Telemetry.NOOP, Telemetry.FULL)) {
      for (String flags : List.of("00", "01", "02", "03")) {
        String parent = VALID.substring(0, VALID.length() - 2) + flags;

        Headers sent = sentOn(peer(telemetry), Headers.of(PARENT, parent));

        String out = sent.first(PARENT).orElseThrow();
        int randomBit = Integer.parseInt(out.substring(out.length() - 2), 16) & 2;
        assertThat(randomBit)
            .as(telemetry + " " + flags)
            .isEqualTo(Integer.parseInt(flags, 16) & 2);
      }
    }
  }

  @Test
  @Proves("TRACE-9")
  void anInvalidParentDoesNotPushAValidSpanAside() throws Exception {
    SpanContext ambient =
        SpanContext.create(TRACE_ID, SPAN_ID, TraceFlags.getSampled(), TraceState.getDefault());
    for (Headers in : List.of(Headers.empty(), Headers.of(PARENT, "00-0-0-00"))) {
      SpanContext inside =
          in(
              Context.root().with(Span.wrap(ambient)),
              () -> spanInside(peer(Telemetry.FULL), served(in)));

      assertThat(inside.getTraceId()).isEqualTo(TRACE_ID);
    }
  }

  @Test
  @Proves("TRACE-25")
  void aReferenceIsATraceOfItsOwnWithOneLink() throws Exception {
    in(
        Context.root().with(Span.wrap(ambient())),
        () -> spanInside(peer(Telemetry.FULL), consumed(Operation.Link.REFERENCE)));

    SpanData span = spans.ended().get(0);
    assertThat(span.getTraceId()).isNotEqualTo(TRACE_ID).isNotEqualTo(ambient().getTraceId());
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getLinks()).hasSize(1);
    assertThat(span.getLinks().get(0).getSpanContext().getSpanId()).isEqualTo(SPAN_ID);
  }

  @Test
  @Proves("TRACE-25")
  void aParentIsTheSameTraceAndTheAmbientSpanBecomesALink() throws Exception {
    in(
        Context.root().with(Span.wrap(ambient())),
        () -> spanInside(peer(Telemetry.FULL), consumed(Operation.Link.PARENT)));

    SpanData span = spans.ended().get(0);
    assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
    assertThat(span.getParentSpanId()).isEqualTo(SPAN_ID);
    assertThat(span.getLinks()).hasSize(1);
    assertThat(span.getLinks().get(0).getSpanContext().getSpanId())
        .isEqualTo(ambient().getSpanId());
  }

  @Test
  @Proves("TRACE-25")
  void aMessageWithoutHeadersHasNoLink() {
    spanInside(
        peer(Telemetry.FULL),
        incoming(Operation.Kind.CONSUMER, Operation.Link.REFERENCE, Headers.empty()));

    assertThat(spans.ended().get(0).getLinks()).isEmpty();
  }

  private static Operation consumed(Operation.Link link) {
    return incoming(Operation.Kind.CONSUMER, link, Headers.of(PARENT, VALID));
  }

  private static SpanContext ambient() {
    return SpanContext.create(
        "a".repeat(32), "b".repeat(16), TraceFlags.getSampled(), TraceState.getDefault());
  }

  @Test
  @Proves("TRACE-29")
  void aMessageKeepsTheContextThatItWasMadeIn() throws Exception {
    Operation sending =
        new Operation(
            Operation.Kind.PRODUCER, "payment", Optional.empty(), Operation.Link.NONE, Map.of());
    Headers made = Headers.of(PARENT, VALID).plus(STATE, "vendor=1").plus("Other", "kept");
    List<Headers> sent = new ArrayList<>();

    Requests.root().run(() -> sent.add(sent(peer(Telemetry.FULL), sending, made)));

    assertThat(sent.get(0)).isEqualTo(made);
  }
}
