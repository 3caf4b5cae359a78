package dev.ashlar.tracing;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Operation;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Optional;

/*
 * Where a span stands:
 *
 *   link        parent                                      links
 *   NONE        the ambient span                            none
 *   PARENT      the span that the headers name,             the ambient span, if it is another
 *               or else the ambient span
 *   REFERENCE   none: a trace of its own                    the span that the headers name
 *
 * The names of attributes follow OpenTelemetry's semantic conventions 1.44.0. Those for messaging
 * are still in development there, so they stand in this class alone.
 */

/** Makes spans of operations. */
final class Spans {

  private static final String DESTINATION = "messaging.destination.name";
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
  private static final int ATTRIBUTES_MAX = 32;
  private static final int TEXT_MAX = 256;

  private final Tracer tracer;

  Spans(Tracer tracer) {
    this.tracer = tracer;
  }

  Span start(Operation operation, CallContext context, SpanContext remote) {
    SpanBuilder builder = tracer.spanBuilder(name(operation)).setSpanKind(kind(operation.kind()));
    place(builder, operation.link(), remote);
    operation.attributes().entrySet().stream()
        .limit(ATTRIBUTES_MAX)
        .forEach(entry -> builder.setAttribute(entry.getKey(), shortened(entry.getValue())));
    if (isMessaging(operation)) {
      builder.setAttribute(DESTINATION, shortened(operation.target()));
    }
    builder.setAttribute("ashlar." + LogFields.CORRELATION_ID, context.correlation().value());
    builder.setAttribute("ashlar." + LogFields.REQUEST_ID, context.request().value());
    context
        .causedBy()
        .ifPresent(
            cause -> builder.setAttribute("ashlar." + LogFields.CAUSATION_ID, cause.value()));
    return builder.startSpan();
  }

  private static void place(SpanBuilder builder, Operation.Link link, SpanContext remote) {
    Context ambient = Context.current();
    if (link == Operation.Link.REFERENCE) {
      builder.setNoParent();
      if (remote.isValid()) {
        builder.addLink(remote);
      }
    } else if (link == Operation.Link.PARENT && remote.isValid()) {
      SpanContext around = Span.fromContext(ambient).getSpanContext();
      builder.setParent(ambient.with(Span.wrap(remote)));
      if (around.isValid() && !around.getSpanId().equals(remote.getSpanId())) {
        builder.addLink(around);
      }
    } else {
      builder.setParent(ambient);
    }
  }

  static void end(Span span, Throwable failure) {
    end(span, Optional.of(failure.getClass().getName()));
  }

  static void end(Span span, Optional<String> failure) {
    failure.ifPresent(
        type -> {
          span.setStatus(StatusCode.ERROR);
          span.setAttribute(ERROR_TYPE, type);
        });
    span.end();
  }

  /** Made of the target alone, which has few values; ids are attributes. */
  private static String name(Operation operation) {
    String target = shortened(operation.target());
    return switch (operation.kind()) {
      case PRODUCER -> "send " + target;
      case CONSUMER -> "process " + target;
      case CLIENT, SERVER, INTERNAL -> target;
    };
  }

  private static boolean isMessaging(Operation operation) {
    return operation.kind() == Operation.Kind.PRODUCER
        || operation.kind() == Operation.Kind.CONSUMER;
  }

  private static SpanKind kind(Operation.Kind kind) {
    return switch (kind) {
      case CLIENT -> SpanKind.CLIENT;
      case SERVER -> SpanKind.SERVER;
      case PRODUCER -> SpanKind.PRODUCER;
      case CONSUMER -> SpanKind.CONSUMER;
      case INTERNAL -> SpanKind.INTERNAL;
    };
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }
}
