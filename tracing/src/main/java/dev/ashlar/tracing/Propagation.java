package dev.ashlar.tracing;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Operation;
import dev.ashlar.tracing.Boundary.Egress;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.baggage.BaggageEntry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/*
 * What is added to outgoing headers, in this order, while the cap has room:
 *
 *   correlation-id, ashlar-context    the ids; the least cap always has room for them
 *   traceparent                       likewise
 *   tracestate                        whole or not at all: W3C forbids to cut it at will
 *   baggage                           entry by entry, in the order of their names
 *
 * The formats are W3C's whatever propagators the OpenTelemetry object has, because without any
 * tracing (OpenTelemetry.noop()) it has none, and a trace should not end at a service that does not
 * trace.
 */

/** Reads the trace and the baggage from incoming headers, and writes them to outgoing ones. */
final class Propagation {

  private static final TextMapPropagator TRACE = W3CTraceContextPropagator.getInstance();
  private static final TextMapPropagator BAGGAGE = W3CBaggagePropagator.getInstance();

  private final CallContext.Trust trust;
  private final Boundary boundary;

  Propagation(CallContext.Trust trust, Boundary boundary) {
    this.trust = trust;
    this.boundary = boundary;
  }

  /** Returns the span that an operation's headers name; an invalid one if there is none. */
  SpanContext remote(Operation operation) {
    if (trust == CallContext.Trust.EDGE || operation.in().isEmpty()) {
      return SpanContext.getInvalid();
    }
    Context read = TRACE.extract(Context.root(), operation.in().get(), HeaderText.GETTER);
    return Span.fromContext(read).getSpanContext();
  }

  /** Returns the baggage that comes in with an operation, or that its thread has already. */
  Baggage baggage(Operation operation, Context ambient) {
    if (operation.in().isEmpty()) {
      return Baggage.fromContext(ambient);
    }
    if (trust == CallContext.Trust.EDGE) {
      return Baggage.empty();
    }
    Context read = BAGGAGE.extract(Context.root(), operation.in().get(), HeaderText.GETTER);
    return letThrough(Baggage.fromContext(read));
  }

  private Baggage letThrough(Baggage all) {
    BaggageBuilder kept = Baggage.builder();
    all.forEach(
        (name, entry) -> {
          if (boundary.baggage().contains(name)) {
            kept.put(name, entry.getValue(), entry.getMetadata());
          }
        });
    return kept.build();
  }

  /** Returns the headers to send along with an operation. */
  Headers outgoing(Operation operation, Headers out, CallContext context, Context trace) {
    return switch (operation.kind()) {
      case CLIENT -> {
        Egress egress = boundary.egress().of(operation);
        yield send(egress, out, context.into(Headers.empty()), trace);
      }
      case PRODUCER -> {
        Egress egress = boundary.egress().of(operation);
        yield hasCreation(out) ? stripped(egress, out) : stored(egress, out, context, trace);
      }
      case SERVER ->
          new Addition(out, boundary.bytesMax())
              .add(CallContext.CORRELATION_HEADER, context.correlation().value())
              .headers();
      case CONSUMER, INTERNAL -> out;
    };
  }

  /** Returns headers with what outlives this call. */
  Headers stored(Egress egress, Headers out, CallContext context, Context trace) {
    return send(egress, out, context.storedInto(Headers.empty()), trace);
  }

  /**
   * A message that was given a context when it was made keeps it: sending is not what caused it.
   */
  private static boolean hasCreation(Headers out) {
    return out.first(HeaderText.TRACE_PARENT).isPresent();
  }

  private static Headers stripped(Egress egress, Headers out) {
    Headers kept = out;
    if (egress != Egress.INTERNAL) {
      kept = kept.without(CallContext.CORRELATION_HEADER).without(CallContext.CONTEXT_HEADER);
      kept = kept.without(HeaderText.BAGGAGE);
    }
    if (egress == Egress.NOTHING) {
      kept = kept.without(HeaderText.TRACE_PARENT).without(HeaderText.TRACE_STATE);
    }
    return kept;
  }

  private Headers send(Egress egress, Headers out, Headers ids, Context trace) {
    Headers clean = stripped(egress, out);
    if (egress == Egress.NOTHING) {
      return clean;
    }
    Addition addition = new Addition(clean, boundary.bytesMax());
    boolean internal = egress == Egress.INTERNAL;
    // Whoever has put a context in knows more than we do: a part of the time, another attempt.
    if (internal && clean.first(CallContext.CONTEXT_HEADER).isEmpty()) {
      ids.forEach(addition::add);
    }
    Map<String, String> written = new LinkedHashMap<>();
    TRACE.inject(trace, written, Propagation::put);
    if (!written.isEmpty()) {
      addition.without(HeaderText.TRACE_PARENT).without(HeaderText.TRACE_STATE);
      written.forEach(addition::add);
    }
    if (internal) {
      addition.without(HeaderText.BAGGAGE);
      addBaggage(addition, letThrough(Baggage.fromContext(trace)));
    }
    return addition.headers();
  }

  private static void put(@Nullable Map<String, String> map, String name, String value) {
    if (map != null) {
      map.put(name, value);
    }
  }

  private static void addBaggage(Addition addition, Baggage baggage) {
    BaggageBuilder fitting = Baggage.builder();
    String text = "";
    for (Map.Entry<String, BaggageEntry> entry : new TreeMap<>(baggage.asMap()).entrySet()) {
      BaggageEntry value = entry.getValue();
      String longer =
          print(fitting.put(entry.getKey(), value.getValue(), value.getMetadata()).build());
      if (addition.hasRoomFor(HeaderText.BAGGAGE, longer)) {
        text = longer;
      } else {
        fitting.remove(entry.getKey());
      }
    }
    if (!text.isEmpty()) {
      addition.add(HeaderText.BAGGAGE, text);
    }
  }

  private static String print(Baggage baggage) {
    Map<String, String> written = new LinkedHashMap<>();
    BAGGAGE.inject(baggage.storeInContext(Context.root()), written, Propagation::put);
    return written.getOrDefault(HeaderText.BAGGAGE, "");
  }
}
