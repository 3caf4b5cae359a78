package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.tracing.Boundary;
import dev.ashlar.tracing.Boundary.EgressPolicy;
import dev.ashlar.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;

/** What an observer is tried with: headers in and out, and what a body sees in between. */
abstract class PropagationContract extends Contract {

  static final String PARENT = "traceparent";
  static final String STATE = "tracestate";
  static final String BAGGAGE = "baggage";
  static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  static final String SPAN_ID = "00f067aa0ba902b7";
  static final String VALID = "00-" + TRACE_ID + "-" + SPAN_ID + "-03";
  static final Boundary BOUNDARY =
      Boundary.to(EgressPolicy.hosts("shop.internal")).withBaggage("tenant", "region");

  final Telemetry.Spans spans = new Telemetry.Spans();

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** A twin gives another one. */
  Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver, Boundary boundary) {
    return Tracing.of(telemetry, "test", receiver, boundary);
  }

  final Observer peer(Telemetry telemetry) {
    return observer(telemetry.open(spans), Requests.receiver(CallContext.Trust.PEER), BOUNDARY);
  }

  @AfterEach
  final void noScopeIsLeftOpen() throws Exception {
    Scopes.assertAllClosed();
  }

  static Operation incoming(Operation.Kind kind, Operation.Link link, Headers in) {
    return new Operation(kind, "orders", Optional.of(in), link, Map.of());
  }

  static Operation served(Headers in) {
    return incoming(Operation.Kind.SERVER, Operation.Link.PARENT, in);
  }

  static Operation callTo(String host) {
    return new Operation(
        Operation.Kind.CLIENT,
        "stock",
        Optional.empty(),
        Operation.Link.NONE,
        Map.of(EgressPolicy.HOST, host));
  }

  static SpanContext spanInside(Observer observer, Operation operation) {
    return observer.<SpanContext, RuntimeException>around(
        operation, Headers.empty(), out -> Span.current().getSpanContext());
  }

  /** What a service sends that answers a request, and calls one host of its own for it. */
  static Headers sentOn(Observer observer, Headers in) {
    return observer.<Headers, RuntimeException>around(
        served(in), Headers.empty(), response -> sent(observer, callTo("stock.shop.internal")));
  }

  static Headers sent(Observer observer, Operation operation) {
    return sent(observer, operation, Headers.empty());
  }

  static Headers sent(Observer observer, Operation operation, Headers out) {
    return observer.<Headers, RuntimeException>around(operation, out, headers -> headers);
  }

  static Baggage baggageInside(Observer observer, Operation operation) {
    return observer.<Baggage, RuntimeException>around(
        operation, Headers.empty(), out -> Baggage.current());
  }

  static List<String> names(Headers headers) {
    List<String> names = new ArrayList<>();
    headers.forEach((name, value) -> names.add(name));
    return names;
  }

  static String hex(RandomGenerator random, int digits) {
    StringBuilder text = new StringBuilder();
    while (text.length() < digits) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    // All zeros are no id.
    return text.deleteCharAt(0).append('1').toString();
  }

  static <T> T in(Context context, java.util.concurrent.Callable<T> task) throws Exception {
    return context.wrap(task).call();
  }
}
