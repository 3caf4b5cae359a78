package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.tracing.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Transports made of core's words, over this block's observer. */
class TransportsTest {

  static Observer tracing(Telemetry telemetry) {
    return Tracing.of(
        telemetry.open(new Telemetry.Spans()),
        "test",
        Requests.receiver(CallContext.Trust.PEER),
        PropagationContract.BOUNDARY);
  }

  @Nested
  @Subject("propagation")
  class AStore extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("stored", "redelivery");
    }

    @Override
    protected Transport open() {
      return new StoreTransport(tracing(Telemetry.FULL));
    }
  }

  @Nested
  @Subject("propagation")
  class AStoreWithoutATracer extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of("stored", "redelivery");
    }

    @Override
    protected Transport open() {
      return new StoreTransport(tracing(Telemetry.NOOP));
    }
  }

  /** Requests that wait for their answers in threads of their own would do the same. */
  @Nested
  @Subject("propagation")
  class ACall extends TransportContract {
    @Override
    protected Set<String> guarantees() {
      return Set.of();
    }

    @Override
    protected Transport open() {
      return new Call(tracing(Telemetry.FULL));
    }
  }

  private record Request(String text, Headers headers) {}

  private static final class Call implements TransportContract.Transport {
    private final Observer observer;
    private List<Request> arrived = new ArrayList<>();

    Call(Observer observer) {
      this.observer = observer;
    }

    @Override
    public void send(String text) {
      arrived.add(
          observer.<Request, RuntimeException>around(
              PropagationContract.callTo("shop.internal"),
              Headers.empty(),
              headers -> new Request(text, headers)));
    }

    @Override
    public void deliver(TransportContract.Handler handler) throws Exception {
      List<Request> due = arrived;
      arrived = new ArrayList<>();
      for (Request request : due) {
        Operation serving =
            new Operation(
                Operation.Kind.SERVER,
                "stock",
                Optional.of(request.headers()),
                Operation.Link.PARENT,
                Map.of());
        observer.<Boolean, Exception>around(
            serving,
            Headers.empty(),
            response -> {
              handler.handle(request.text());
              return true;
            });
      }
    }
  }
}
