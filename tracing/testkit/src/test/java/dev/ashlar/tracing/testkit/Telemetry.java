package dev.ashlar.tracing.testkit;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The ways in which OpenTelemetry can be there, or not. */
enum Telemetry {
  NOOP,
  NO_PROCESSORS,
  SAMPLER_OFF,
  FULL;

  OpenTelemetry open(Spans spans) {
    return switch (this) {
      case NOOP -> OpenTelemetry.noop();
      case NO_PROCESSORS -> of(SdkTracerProvider.builder().build());
      case SAMPLER_OFF ->
          of(
              SdkTracerProvider.builder()
                  .setSampler(Sampler.alwaysOff())
                  .addSpanProcessor(spans)
                  .build());
      case FULL ->
          of(
              SdkTracerProvider.builder()
                  .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                  .addSpanProcessor(spans)
                  .build());
    };
  }

  private static OpenTelemetry of(TracerProvider provider) {
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

  /** The spans that ended, in order. */
  static final class Spans implements SpanProcessor {

    private final List<SpanData> ended = new CopyOnWriteArrayList<>();

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      ended.add(span.toSpanData());
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }

    List<SpanData> ended() {
      return List.copyOf(ended);
    }
  }
}
