package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Operation;
import dev.ashlar.tracing.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Work does not fail because those who watch it do. */
class BrokenWatchersTest {

  private static OpenTelemetry telemetry(boolean breaksAtStart) {
    TracerProvider provider =
        SdkTracerProvider.builder().addSpanProcessor(new BrokenProcessor(breaksAtStart)).build();
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

  @AfterEach
  void noScopeIsLeftOpen() throws Exception {
    Scopes.assertAllClosed();
  }

  @Test
  void aBrokenTracerAndABrokenAppenderChangeNothing() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    BrokenAppender appender = new BrokenAppender();
    appender.start();
    root.addAppender(appender);
    try {
      for (boolean breaksAtStart : new boolean[] {true, false}) {
        Tracing tracing =
            Tracing.of(
                telemetry(breaksAtStart),
                "test",
                Requests.receiver(CallContext.Trust.PEER),
                PropagationContract.BOUNDARY);

        assertThat(work(tracing, false)).isTrue();
        assertThatThrownBy(() -> work(tracing, true))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("the work itself");
      }
    } finally {
      root.detachAppender(appender);
    }
    assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
    assertThat(CallContext.current()).isEmpty();
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  private static boolean work(Tracing tracing, boolean failing) {
    return tracing.<Boolean, RuntimeException>around(
        Operation.of(Operation.Kind.SERVER, "GET /"),
        Headers.empty(),
        response -> {
          if (failing) {
            throw new IllegalStateException("the work itself");
          }
          return true;
        });
  }

  private static final class BrokenAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    @Override
    public void doAppend(ILoggingEvent event) {
      throw new IllegalStateException("broken appender");
    }

    @Override
    protected void append(ILoggingEvent event) {}
  }

  private static final class BrokenProcessor implements SpanProcessor {
    private final boolean breaksAtStart;

    BrokenProcessor(boolean breaksAtStart) {
      this.breaksAtStart = breaksAtStart;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      throw new IllegalStateException("broken processor");
    }

    @Override
    public boolean isStartRequired() {
      return breaksAtStart;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      throw new IllegalStateException("broken processor");
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }
  }
}
