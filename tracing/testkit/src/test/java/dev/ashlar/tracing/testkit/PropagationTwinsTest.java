package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.tracing.Boundary;
import dev.ashlar.tracing.Boundary.Egress;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Propagation that goes wrong in the ways known from other libraries. */
class PropagationTwinsTest {

  @TestFactory
  Stream<DynamicTest> traceTwins() {
    return Twins.of(DropsFlagsTwin.class, "TRACE-1", "TRACE-7")
        .and(DropsStateTwin.class, "TRACE-1", "TRACE-4", "TRACE-5", "TRACE-6")
        .and(LenientParentTwin.class, "TRACE-2")
        .and(RefusesTheFutureTwin.class, "TRACE-3")
        .and(FirstValueTwin.class, "TRACE-4")
        .and(CaseSensitiveTwin.class, "TRACE-5")
        .and(SortsStateTwin.class, "TRACE-6")
        .and(LongStateTwin.class, "TRACE-6")
        .and(OverwritesByInvalidTwin.class, "TRACE-9")
        .and(AlwaysParentTwin.class, "TRACE-25")
        .and(AlwaysReferenceTwin.class, "TRACE-25", "TRACE-9")
        .and(OverwritesCreationTwin.class, "TRACE-29")
        .tests();
  }

  @TestFactory
  Stream<DynamicTest> boundaryTwins() {
    return Twins.of(TrustsTheEdgeTwin.class, "TRACE-15")
        .and(TakesAllBaggageTwin.class, "TRACE-15")
        .and(TrustsEveryHostTwin.class, "TRACE-16")
        .and(KeepsWhatWasPutInTwin.class, "TRACE-16")
        .and(PartnersGetAllTwin.class, "TRACE-16")
        .and(IgnoresTheCapTwin.class, "TRACE-17")
        .tests();
  }

  /** The real one, but for what comes in or goes out. */
  private static Observer changed(
      Observer tracing, UnaryOperator<Operation> in, UnaryOperator<Headers> out) {
    return new Observer() {
      @Override
      public <T, X extends Exception> T around(Operation operation, Headers given, Body<T, X> body)
          throws X {
        return tracing.around(in.apply(operation), given, headers -> body.run(out.apply(headers)));
      }
    };
  }

  private static Operation with(Operation operation, Optional<Headers> in, Operation.Link link) {
    return new Operation(operation.kind(), operation.target(), in, link, operation.attributes());
  }

  private static Operation in(Operation operation, UnaryOperator<Headers> change) {
    return with(operation, operation.in().map(change), operation.link());
  }

  private static Headers edited(Headers headers, String name, UnaryOperator<String> change) {
    return headers
        .first(name)
        .map(value -> headers.with(name, change.apply(value)))
        .orElse(headers);
  }

  private abstract static class TraceTwin extends TraceContextContract {
    @Override
    final Observer observer(
        OpenTelemetry telemetry, CallContext.Receiver receiver, Boundary boundary) {
      return changed(super.observer(telemetry, receiver, boundary), this::incoming, this::outgoing);
    }

    Operation incoming(Operation operation) {
      return operation;
    }

    Headers outgoing(Headers headers) {
      return headers;
    }
  }

  /** Knows the sampled bit only, as the first version of the standard. */
  static class DropsFlagsTwin extends TraceTwin {
    @Override
    Headers outgoing(Headers headers) {
      return edited(headers, "traceparent", text -> text.substring(0, 53) + "01");
    }
  }

  static class DropsStateTwin extends TraceTwin {
    @Override
    Headers outgoing(Headers headers) {
      return headers.without("tracestate");
    }
  }

  /** Repairs what it reads. */
  static class LenientParentTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      return PropagationTwinsTest.in(
          operation,
          headers ->
              edited(
                  headers,
                  "traceparent",
                  text ->
                      text.length() > 55 && text.startsWith("00-") ? text.substring(0, 55) : text));
    }
  }

  static class RefusesTheFutureTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      return PropagationTwinsTest.in(
          operation,
          headers ->
              edited(headers, "traceparent", text -> text.startsWith("00-") ? text : "none"));
    }
  }

  /** A getter that answers with the first value. */
  static class FirstValueTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      return PropagationTwinsTest.in(
          operation,
          headers ->
              edited(edited(headers, "traceparent", value -> value), "tracestate", value -> value));
    }
  }

  /** A map with lower-case keys. */
  static class CaseSensitiveTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      return PropagationTwinsTest.in(operation, CaseSensitiveTwin::lowerCaseOnly);
    }

    private static Headers lowerCaseOnly(Headers headers) {
      Headers[] kept = {Headers.empty()};
      headers.forEach(
          (name, value) -> {
            if (name.equals(name.toLowerCase(java.util.Locale.ROOT))) {
              kept[0] = kept[0].plus(name, value);
            }
          });
      return kept[0];
    }
  }

  static class SortsStateTwin extends TraceTwin {
    @Override
    Headers outgoing(Headers headers) {
      return edited(
          headers,
          "tracestate",
          text -> String.join(",", Stream.of(text.split(",", -1)).sorted().toList()));
    }
  }

  /** Adds a member of its own to a full list. */
  static class LongStateTwin extends TraceTwin {
    @Override
    Headers outgoing(Headers headers) {
      return edited(headers, "tracestate", text -> "own=1," + text);
    }
  }

  static class OverwritesByInvalidTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      boolean valid =
          operation.in().flatMap(in -> in.first("traceparent")).filter(VALID::equals).isPresent();
      return valid || operation.in().isEmpty()
          ? operation
          : with(operation, operation.in(), Operation.Link.REFERENCE);
    }
  }

  static class AlwaysParentTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      return with(operation, operation.in(), Operation.Link.PARENT);
    }
  }

  static class AlwaysReferenceTwin extends TraceTwin {
    @Override
    Operation incoming(Operation operation) {
      return with(operation, operation.in(), Operation.Link.REFERENCE);
    }
  }

  /** The sender's own span takes the place of what the message was made in. */
  static class OverwritesCreationTwin extends TraceTwin {
    @Override
    Headers outgoing(Headers headers) {
      return edited(headers, "traceparent", text -> text.replace(SPAN_ID, "b9c7c989f97918e1"));
    }
  }

  private abstract static class BoundaryTwin extends BoundaryContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver, Boundary boundary) {
      return super.observer(telemetry, changed(receiver), changed(boundary));
    }

    CallContext.Receiver changed(CallContext.Receiver receiver) {
      return receiver;
    }

    Boundary changed(Boundary boundary) {
      return boundary;
    }
  }

  static class TrustsTheEdgeTwin extends BoundaryTwin {
    @Override
    CallContext.Receiver changed(CallContext.Receiver receiver) {
      return Requests.receiver(CallContext.Trust.PEER);
    }
  }

  static class TakesAllBaggageTwin extends BoundaryTwin {
    @Override
    Boundary changed(Boundary boundary) {
      return boundary.withBaggage("tenant", "region", "secret", "other");
    }
  }

  static class TrustsEveryHostTwin extends BoundaryTwin {
    @Override
    Boundary changed(Boundary boundary) {
      return new Boundary(operation -> Egress.INTERNAL, boundary.baggage(), boundary.bytesMax());
    }
  }

  static class PartnersGetAllTwin extends BoundaryTwin {
    @Override
    Boundary changed(Boundary boundary) {
      return new Boundary(
          operation ->
              boundary.egress().of(operation) == Egress.TRACE_ONLY
                  ? Egress.INTERNAL
                  : boundary.egress().of(operation),
          boundary.baggage(),
          boundary.bytesMax());
    }
  }

  /** Adds nothing itself, and lets through what others have added. */
  static class KeepsWhatWasPutInTwin extends BoundaryContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver, Boundary boundary) {
      Observer tracing = super.observer(telemetry, receiver, boundary);
      return new Observer() {
        @Override
        public <T, X extends Exception> T around(
            Operation operation, Headers given, Body<T, X> body) throws X {
          return tracing.around(
              operation,
              given,
              headers -> {
                Headers[] all = {headers};
                given.forEach((name, value) -> all[0] = all[0].with(name, value));
                return body.run(all[0]);
              });
        }
      };
    }
  }

  /** Baggage is added behind the back of the cap. */
  static class IgnoresTheCapTwin extends BoundaryContract {
    @Override
    Observer observer(OpenTelemetry telemetry, CallContext.Receiver receiver, Boundary boundary) {
      return PropagationTwinsTest.changed(
          super.observer(telemetry, receiver, boundary),
          operation -> operation,
          headers ->
              Baggage.current().isEmpty()
                  ? headers
                  : headers.with("baggage", "t=" + "x".repeat(4000)));
    }
  }
}
