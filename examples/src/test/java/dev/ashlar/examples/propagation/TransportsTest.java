package dev.ashlar.examples.propagation;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.tracing.testkit.TransportContract;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The ways on which a request travels from block to block carry its context, traced or not. */
class TransportsTest {

  private static Observer tracing() {
    return Peers.tracing(SpanProcessor.composite());
  }

  /** A queue in memory dies with its process, so nothing of it is stored. */
  @Nested
  @Subject("propagation")
  class AQueue extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("redelivery");
    }

    @Override
    protected Transport open() {
      return new QueueTransport(Observer.none());
    }
  }

  @Nested
  @Subject("propagation")
  class ATracedQueue extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("redelivery");
    }

    @Override
    protected Transport open() {
      return new QueueTransport(tracing());
    }
  }

  @Nested
  @Subject("propagation")
  class AnOutbox extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("stored", "redelivery");
    }

    @Override
    protected Transport open() throws Exception {
      return OutboxTransport.open(Observer.none());
    }
  }

  @Nested
  @Subject("propagation")
  class ATracedOutbox extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("stored", "redelivery");
    }

    @Override
    protected Transport open() throws Exception {
      return OutboxTransport.open(tracing());
    }
  }

  /** A request over HTTP waits for its answer; nothing is stored, and nobody delivers it again. */
  abstract static class OverHttp extends TransportContract {
    private final HttpTransport transport;

    OverHttp(Observer observer) {
      transport = new HttpTransport(observer);
    }

    @Override
    protected Set<String> guarantees() {
      return Set.of();
    }

    @Override
    protected Transport open() throws Exception {
      return transport.emptied();
    }

    @AfterEach
    void close() throws Exception {
      transport.emptied().close();
    }
  }

  @Nested
  @Subject("propagation")
  class ACall extends OverHttp {
    ACall() {
      super(Observer.none());
    }
  }

  @Nested
  @Subject("propagation")
  class ATracedCall extends OverHttp {
    ATracedCall() {
      super(tracing());
    }
  }
}
