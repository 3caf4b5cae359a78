package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import io.opentelemetry.api.trace.Span;

/** Ids that depend on the tracer. */
final class TraceR4 {

  private TraceR4() {}

  @Finds(1)
  static final class Wrong {

    String id() {
      return Span.current().getSpanContext().getTraceId();
    }
  }

  @Finds(0)
  static final class Right {

    String id(CallContext context) {
      return context.correlation().value();
    }
  }
}
