package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.tracing.Tracing;
import org.slf4j.MDC;

/** Log contexts that are not given back. */
final class TraceR3 {

  private TraceR3() {}

  @Finds(2)
  static final class Wrong {

    void handle(CallContext context, Runnable work) {
      MDC.put("correlation_id", context.correlation().value());
      work.run();
      MDC.remove("correlation_id");
    }
  }

  @Finds(0)
  record Right(Tracing tracing) {

    void handle(CallContext context, Order order, Runnable work) {
      tracing.run(
          context,
          () -> {
            MDC.put("order", order.id());
            work.run();
          });
    }
  }
}
