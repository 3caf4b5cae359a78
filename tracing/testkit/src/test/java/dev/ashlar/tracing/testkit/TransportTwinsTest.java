package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.testkit.Twins;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Transports that lose or mix up contexts in the ways known from practice. */
class TransportTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(LosesHeadersTwin.class, "TRACE-12", "TRACE-13")
        .and(FreshCorrelationTwin.class, "TRACE-12")
        .and(SameRequestTwin.class, "TRACE-12", "TRACE-31")
        .and(CausedByItselfTwin.class, "TRACE-13")
        .and(CapturesAtDeliveryTwin.class, "TRACE-28")
        .and(KeepsContextsInMemoryTwin.class, "TRACE-28")
        .and(ForgetsContextOnRetryTwin.class, "TRACE-31")
        .tests();
  }

  private abstract static class StoreTwin extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("stored", "redelivery");
    }
  }

  /** A broker's client that maps no headers. */
  static class LosesHeadersTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new StoreTransport(TransportsTest.tracing(Telemetry.FULL)) {
        @Override
        Headers stored(Headers headers) {
          return Headers.empty();
        }
      };
    }
  }

  /** Every handling is taken for a request from outside. */
  static class FreshCorrelationTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new StoreTransport(TransportsTest.tracing(Telemetry.FULL)) {
        @Override
        Headers stored(Headers headers) {
          return headers.without(CallContext.CORRELATION_HEADER);
        }
      };
    }
  }

  /** The id of the message is taken for the id of its handling. */
  static class SameRequestTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new StoreTransport(TransportsTest.tracing(Telemetry.FULL)) {
        @Override
        CallContext context(String text, Headers headers, int attempt) {
          CallContext read = super.context(text, headers, attempt);
          return new CallContext(
              read.correlation(),
              read.causedBy().orElseThrow(),
              read.causedBy(),
              read.deadline(),
              read.criticality(),
              read.cohort(),
              read.attempt(),
              read.retryRight(),
              read.client());
        }
      };
    }
  }

  /** The cause is read after the new id has taken its place. */
  static class CausedByItselfTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new StoreTransport(TransportsTest.tracing(Telemetry.FULL)) {
        @Override
        CallContext context(String text, Headers headers, int attempt) {
          CallContext read = super.context(text, headers, attempt);
          return new CallContext(
              read.correlation(),
              read.request(),
              java.util.Optional.of(read.request()),
              read.deadline(),
              read.criticality(),
              read.cohort(),
              read.attempt(),
              read.retryRight(),
              read.client());
        }
      };
    }
  }

  /** The relay's own context goes out with the row. */
  static class CapturesAtDeliveryTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new StoreTransport(TransportsTest.tracing(Telemetry.FULL)) {
        @Override
        CallContext context(String text, Headers headers, int attempt) {
          return super.context(
              text,
              CallContext.current()
                  .map(context -> context.storedInto(Headers.empty()))
                  .orElse(headers),
              attempt);
        }
      };
    }
  }

  /** Contexts lie beside the rows, in a map of the process. */
  static class KeepsContextsInMemoryTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new InMemory();
    }

    private static final class InMemory extends StoreTransport {
      private final Map<String, Headers> memory = new HashMap<>();
      private String sending = "";

      InMemory() {
        super(TransportsTest.tracing(Telemetry.FULL));
      }

      @Override
      public void send(String text) {
        sending = text;
        super.send(text);
      }

      @Override
      Headers stored(Headers headers) {
        memory.put(sending, headers);
        return Headers.empty();
      }

      @Override
      CallContext context(String text, Headers headers, int attempt) {
        return super.context(text, memory.getOrDefault(text, headers), attempt);
      }
    }
  }

  /** What comes again is read without its headers. */
  static class ForgetsContextOnRetryTwin extends StoreTwin {
    @Override
    protected Transport open() {
      return new StoreTransport(TransportsTest.tracing(Telemetry.FULL)) {
        @Override
        CallContext context(String text, Headers headers, int attempt) {
          return super.context(text, attempt == 1 ? headers : Headers.empty(), attempt);
        }
      };
    }
  }
}
