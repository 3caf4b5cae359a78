package dev.ashlar.examples.shop.log;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;

/**
 * OpenTelemetry that makes trace ids and keeps no span.
 *
 * <p>Its SDK makes no ids while it has no processor, so this is one, which does nothing. Whoever
 * has a place for spans takes one that sends them there.
 */
final class TraceIds implements OpenTelemetry {

  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(new Nowhere()).build();

  @Override
  public TracerProvider getTracerProvider() {
    return provider;
  }

  @Override
  public ContextPropagators getPropagators() {
    return ContextPropagators.noop();
  }

  private static final class Nowhere implements SpanProcessor {

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
      return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
      return false;
    }
  }
}
