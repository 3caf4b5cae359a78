package dev.ashlar.examples.propagation;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.tracing.Boundary;
import dev.ashlar.tracing.Boundary.EgressPolicy;
import dev.ashlar.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;

/** What services of one owner have in common. */
final class Peers {

  static final TimeSource TIME = TimeSource.system();
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Peers() {}

  static CallContext.Receiver receiver(Observer observer) {
    return new CallContext.Receiver(
        CallContext.Trust.PEER,
        Criticality.CRITICAL,
        Duration.ofMinutes(1),
        IdSource.system(),
        TIME,
        observer);
  }

  static Deadline soon() {
    return Deadline.after(PATIENCE, TIME);
  }

  /** Returns tracing as a service has it whose spans are all sampled, and go to a processor. */
  static Observer tracing(SpanProcessor spans) {
    return Tracing.of(
        telemetry(
            SdkTracerProvider.builder()
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(spans)
                .build()),
        "test",
        receiver(Observer.none()),
        Boundary.to(EgressPolicy.hosts("127.0.0.1")));
  }

  private static OpenTelemetry telemetry(TracerProvider provider) {
    return new OpenTelemetry() {
      @Override
      public TracerProvider getTracerProvider() {
        return provider;
      }

      @Override
      public ContextPropagators getPropagators() {
        return ContextPropagators.noop();
      }
    };
  }
}
