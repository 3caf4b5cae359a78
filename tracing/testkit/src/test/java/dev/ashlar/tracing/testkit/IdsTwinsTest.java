package dev.ashlar.tracing.testkit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.tracing.LogFields;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Ids and log contexts that go wrong in the ways known from other libraries. */
class IdsTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(IdsOfTheTracerTwin.class, "TRACE-10")
        .and(OneIdForAllTwin.class, "TRACE-10")
        .and(ShortIdsTwin.class, "TRACE-11")
        .and(UnorderedIdsTwin.class, "TRACE-11")
        .and(RawLinesTwin.class, "TRACE-14")
        .and(TakesAnyIdTwin.class, "TRACE-14")
        .and(LeavesItAfterAFailureTwin.class, "TRACE-20", "TRACE-23")
        .and(RemovesItsKeysTwin.class, "TRACE-21")
        .and(ClearsAllTwin.class, "TRACE-21")
        .and(OuterWinsTwin.class, "TRACE-22")
        .and(LeavesAScopeOpenTwin.class, "TRACE-22")
        .and(NeverTakesBackTwin.class, "TRACE-23", "TRACE-21")
        .and(WallClockTwin.class, "TRACE-24")
        .tests();
  }

  /** No ids but the trace's: what most stacks do. */
  static class IdsOfTheTracerTwin extends LogContextContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
      Observer tracing = super.observer(telemetry, receiver);
      return new Observer() {
        @Override
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          return tracing.around(
              operation,
              out,
              headers -> {
                String trace = Span.current().getSpanContext().getTraceId();
                MDC.put(LogFields.CORRELATION_ID, trace.substring(0, 26));
                MDC.put(LogFields.REQUEST_ID, trace.substring(0, 26));
                return body.run(headers);
              });
        }
      };
    }
  }

  /** The id is drawn when the program starts. */
  static class OneIdForAllTwin extends LogContextContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
      Observer tracing = super.observer(telemetry, receiver);
      CallContext once = Requests.root();
      return new Observer() {
        @Override
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          return tracing.around(
              operation,
              out,
              headers -> {
                MDC.put(LogFields.REQUEST_ID, once.request().value());
                return body.run(headers);
              });
        }
      };
    }
  }

  /** Thirty-two random bits, as the ids of small programs often are. */
  static class ShortIdsTwin extends LogContextContract {
    private final AtomicLong seeds = new AtomicLong(Seeds.next());

    @Override
    Supplier<String> ids() {
      RandomGenerator random = Seeds.random(seeds.incrementAndGet());
      long[] counter = new long[1];
      return () -> String.format("%08x", counter[0]++ * 97 + random.nextInt(97));
    }
  }

  /** Random, and so in no order. */
  static class UnorderedIdsTwin extends LogContextContract {
    private final AtomicLong seeds = new AtomicLong(Seeds.next());

    @Override
    Supplier<String> ids() {
      RandomGenerator random = Seeds.random(seeds.incrementAndGet());
      return () -> Long.toHexString(random.nextLong());
    }
  }

  /** A pattern layout. */
  static class RawLinesTwin extends LogContextContract {
    @Override
    String text(ILoggingEvent event) {
      return "{\"message\":\""
          + event.getFormattedMessage()
          + "\",\"mdc\":\""
          + event.getMDCPropertyMap()
          + "\"}\n";
    }
  }

  /** The header's value is the id. */
  static class TakesAnyIdTwin extends LogContextContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
      Observer tracing = super.observer(telemetry, receiver);
      return new Observer() {
        @Override
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          return tracing.around(
              operation,
              out,
              headers -> {
                String given =
                    operation
                        .in()
                        .flatMap(in -> in.first(CallContext.CORRELATION_HEADER))
                        .orElse("none");
                return body.run(headers.with(CallContext.CORRELATION_HEADER, given));
              });
        }
      };
    }
  }

  /** An observer that only sets the MDC, in one of the ways that are wrong. */
  private abstract static class OwnMdcTwin extends LogContextContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
      return new Observer() {
        @Override
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          CallContext context = receiver.receive(operation.in().orElse(Headers.empty()));
          return mdc(context, operation, out, body);
        }
      };
    }

    abstract <T, X extends Exception> T mdc(
        CallContext context, Operation operation, Headers out, Observer.Body<T, X> body) throws X;

    static void put(CallContext context) {
      MDC.put(LogFields.CORRELATION_ID, context.correlation().value());
      MDC.put(LogFields.REQUEST_ID, context.request().value());
    }
  }

  /** Puts in what is not there yet, and takes out behind the body. */
  static class LeavesItAfterAFailureTwin extends OwnMdcTwin {
    @Override
    <T, X extends Exception> T mdc(
        CallContext context, Operation operation, Headers out, Observer.Body<T, X> body) throws X {
      if (MDC.get(LogFields.CORRELATION_ID) == null) {
        put(context);
      }
      T result = body.run(out);
      MDC.remove(LogFields.CORRELATION_ID);
      MDC.remove(LogFields.REQUEST_ID);
      return result;
    }
  }

  /** Takes out what it put in, but not what the body did. */
  static class RemovesItsKeysTwin extends OwnMdcTwin {
    @Override
    <T, X extends Exception> T mdc(
        CallContext context, Operation operation, Headers out, Observer.Body<T, X> body) throws X {
      put(context);
      try {
        return body.run(out);
      } finally {
        MDC.remove(LogFields.CORRELATION_ID);
        MDC.remove(LogFields.REQUEST_ID);
      }
    }
  }

  /** Takes out everything. */
  static class ClearsAllTwin extends OwnMdcTwin {
    @Override
    <T, X extends Exception> T mdc(
        CallContext context, Operation operation, Headers out, Observer.Body<T, X> body) throws X {
      put(context);
      try {
        return body.run(out);
      } finally {
        MDC.clear();
      }
    }
  }

  /** Puts in what is not there yet. */
  static class OuterWinsTwin extends OwnMdcTwin {
    @Override
    <T, X extends Exception> T mdc(
        CallContext context, Operation operation, Headers out, Observer.Body<T, X> body) throws X {
      boolean outermost = MDC.get(LogFields.CORRELATION_ID) == null;
      if (outermost) {
        put(CallContext.current().orElse(context));
      }
      try {
        return body.run(out);
      } finally {
        if (outermost) {
          MDC.clear();
        }
      }
    }
  }

  /** Sets and never takes back; the next request finds it. */
  static class NeverTakesBackTwin extends OwnMdcTwin {
    @Override
    <T, X extends Exception> T mdc(
        CallContext context, Operation operation, Headers out, Observer.Body<T, X> body) throws X {
      if (MDC.get(LogFields.CORRELATION_ID) == null) {
        put(context);
      }
      return body.run(out);
    }
  }

  /** Makes a context current and never closes the scope. */
  static class LeavesAScopeOpenTwin extends LogContextContract {
    private static final ContextKey<String> KEY = ContextKey.named("left-open");
    private final List<Scope> leftOpen = new CopyOnWriteArrayList<>();

    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
      Observer tracing = super.observer(telemetry, receiver);
      return new Observer() {
        @Override
        @SuppressWarnings("MustBeClosedChecker")
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          T result = tracing.around(operation, out, body);
          leftOpen.add(Context.current().with(KEY, "open").makeCurrent());
          return result;
        }
      };
    }
  }

  /** Subtracts two times of day. */
  static class WallClockTwin extends LogContextContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver) {
      return new Observer() {
        @Override
        public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
            throws X {
          var start = receiver.time().wallTime();
          try {
            return body.run(out);
          } finally {
            LoggerFactory.getLogger("twin")
                .atInfo()
                .addKeyValue("event", "request.end")
                .addKeyValue(
                    "duration_ns", Duration.between(start, receiver.time().wallTime()).toNanos())
                .log("request.end");
          }
        }
      };
    }
  }
}
