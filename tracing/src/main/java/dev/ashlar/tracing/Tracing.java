package dev.ashlar.tracing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.core.RequestId;
import dev.ashlar.core.TimeSource;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The observer that makes a request visible: its ids in every log line and outgoing header, a span
 * for each operation, and a line at its start and at its end.
 *
 * <p>It is often confused with a tracer. A tracer samples, can be switched off, and starts anew
 * where trust ends; the correlation id and the request id do none of that, so they are made without
 * it.
 *
 * <p><b>Guarantees.</b> Inside {@link #around} and {@link #call} there are a correlation id and a
 * request id, whatever OpenTelemetry does: none, without processors, sampling nothing, or
 * everything (TRACE-10). Afterwards the MDC is what it was before, to the byte, also the keys that
 * were set or removed inside, and so are the context and the span, also after an exception, an
 * {@link Error} or an interrupt (TRACE-20, TRACE-21). Inner scopes show inner values (TRACE-22). A
 * malformed trace parent starts a new trace and is never an error (TRACE-2); one that is
 * well-formed goes on, with all its flags and its state (TRACE-1, TRACE-3 to TRACE-7), and never
 * pushes aside a valid span by an invalid one (TRACE-9). {@link Operation.Link#REFERENCE} is a
 * trace of its own with one link, {@link Operation.Link#PARENT} the same trace, with the ambient
 * span as link (TRACE-25). A message that carries a trace parent keeps it (TRACE-29). Durations are
 * those of the elapsed clock (TRACE-24).
 *
 * <p><b>Not guaranteed.</b> A trace id: with {@link OpenTelemetry#noop()} there is one only where
 * one came in. Log lines of other threads: hand work over with {@link ContextSnapshot}. What the
 * MDC's stacks ({@code MDC.pushByKey}) hold is not touched.
 *
 * <p><b>Failures.</b> Passes on what the body throws. What a span processor or an appender throws
 * is dropped: work must not fail because it is watched.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link Boundary} for headers; attributes of a span: 32, of 256 characters.
 *
 * <pre>{@code
 * Tracing tracing = Tracing.of(OpenTelemetry.noop(), "billing", peer, boundary);
 * CallContext context = peer.receive(headers);
 * context.call(() -> tracing.around(operation, Headers.empty(), response -> charge()));
 * }</pre>
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class Tracing implements Observer {

  /** The name of the logger that the first and last lines of operations go to. */
  public static final String LOGGER = "dev.ashlar.tracing";

  private static final ContextKey<RequestId> ANNOUNCED = ContextKey.named("ashlar-request");

  private final String service;
  private final CallContext.Receiver receiver;
  private final Spans spans;
  private final Propagation propagation;
  private final RequestEvents events;

  private Tracing(
      OpenTelemetry telemetry, String service, CallContext.Receiver receiver, Boundary boundary) {
    this.service = requireNonNull(service, "service");
    this.receiver = requireNonNull(receiver, "receiver");
    this.spans = new Spans(telemetry.getTracer("dev.ashlar"));
    this.propagation = new Propagation(receiver.trust(), requireNonNull(boundary, "boundary"));
    this.events = new RequestEvents(LoggerFactory.getLogger(LOGGER));
  }

  /**
   * Returns an observer.
   *
   * @param telemetry where spans go; {@link OpenTelemetry#noop()} for nowhere
   * @param service the name of this program, 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param receiver whose trust says what is taken from incoming headers, and which makes a context
   *     for an operation that comes without one
   * @param boundary what may leave this program
   */
  public static Tracing of(
      OpenTelemetry telemetry, String service, CallContext.Receiver receiver, Boundary boundary) {
    return new Tracing(telemetry, service, receiver, boundary);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Runs in the thread's context. An operation that comes without one gets one: made of its
   * headers where it answers a request or handles a message, a fresh one otherwise.
   */
  @Override
  public <T, X extends Exception> T around(Operation operation, Headers out, Body<T, X> body)
      throws X {
    Optional<CallContext> current = CallContext.current();
    if (current.isPresent()) {
      return inside(current.get(), operation, out, body);
    }
    CallContext fresh = contextFor(operation);
    return fresh.call(() -> inside(fresh, operation, out, body));
  }

  private CallContext contextFor(Operation operation) {
    Headers in = operation.in().orElse(Headers.empty());
    return switch (operation.kind()) {
      case SERVER -> receiver.receive(in);
      case CONSUMER -> receiver.deliver(in, 1, ownDeadline());
      case CLIENT, PRODUCER, INTERNAL -> CallContext.root(receiver.ids(), ownDeadline(), service);
    };
  }

  private Deadline ownDeadline() {
    return Deadline.after(receiver.longest(), receiver.time());
  }

  @SuppressWarnings("try") // The scope is there to be closed, not to be named.
  private <T, X extends Exception> T inside(
      CallContext context, Operation operation, Headers out, Body<T, X> body) throws X {
    Context ambient = Context.current();
    Span span = start(operation, context, ambient);
    Context trace = ambient.with(span).with(propagation.baggage(operation, ambient));
    boolean announces = announces(operation, context, ambient);
    Map<String, String> ids = LogFields.of(context, span.getSpanContext());
    Timed timed = new Timed(operation, span, ids, announces);
    Map<String, String> before = LogFields.inMdc();
    try (Scope scope = trace.with(ANNOUNCED, context.request()).makeCurrent()) {
      timed.start(context);
      T result = body.run(propagation.outgoing(operation, out, context, trace));
      timed.end(failure(result));
      return result;
    } catch (Throwable e) {
      timed.fail(e);
      throw e;
    } finally {
      LogFields.setMdc(before);
    }
  }

  /** A span that cannot be started is that of the thread, which nothing done to this one ends. */
  private Span start(Operation operation, CallContext context, Context ambient) {
    try {
      return spans.start(operation, context, propagation.remote(operation));
    } catch (RuntimeException broken) {
      return Span.wrap(Span.fromContext(ambient).getSpanContext());
    }
  }

  /**
   * Work must not fail because it is watched, and nobody is left to be told that watching failed.
   */
  private static void quietly(Runnable watching) {
    try {
      watching.run();
    } catch (RuntimeException dropped) {
      return;
    }
  }

  private static Optional<String> failure(@Nullable Object result) {
    return result instanceof Operation.Ending ending ? ending.failure() : Optional.empty();
  }

  /** Work inside a request that has its lines already is part of it, not a request. */
  private static boolean announces(Operation operation, CallContext context, Context ambient) {
    @Nullable RequestId announced = ambient.get(ANNOUNCED);
    return operation.kind() != Operation.Kind.INTERNAL || !context.request().equals(announced);
  }

  /**
   * Runs a task in a context, with its ids in the log lines, and returns its result.
   *
   * <p>For work that is no operation worth a span of its own.
   */
  public <T, X extends Exception> T call(CallContext context, CallContext.Task<T, X> task)
      throws X {
    Map<String, String> before = LogFields.inMdc();
    try {
      LogFields.putInMdc(LogFields.of(context, Span.current().getSpanContext()));
      return context.call(task);
    } finally {
      LogFields.setMdc(before);
    }
  }

  /** Runs a task in a context, with its ids in the log lines. */
  public void run(CallContext context, Runnable task) {
    Map<String, String> before = LogFields.inMdc();
    try {
      LogFields.putInMdc(LogFields.of(context, Span.current().getSpanContext()));
      context.run(task);
    } finally {
      LogFields.setMdc(before);
    }
  }

  /**
   * Returns headers with what outlives the current call: ids, trace parent, baggage that is let
   * through. For a row that is stored now and sent later, in whatever thread; without a context,
   * the headers as they are.
   */
  public Headers storedInto(Headers headers) {
    return CallContext.current()
        .map(
            context ->
                propagation.stored(Boundary.Egress.INTERNAL, headers, context, Context.current()))
        .orElse(headers);
  }

  /** The lines and the span of one operation, measured by the elapsed clock. */
  private final class Timed {
    private final Operation operation;
    private final Span span;
    private final Map<String, String> ids;
    private final boolean announces;
    private final TimeSource time = receiver.time();
    private final long startNanos = time.nanos();

    Timed(Operation operation, Span span, Map<String, String> ids, boolean announces) {
      this.operation = operation;
      this.span = span;
      this.ids = ids;
      this.announces = announces;
    }

    void start(CallContext context) {
      LogFields.putInMdc(ids);
      if (announces) {
        quietly(() -> events.start(operation, context));
      }
    }

    /** The body may have changed the MDC, so the last line has its ids put in again. */
    void end(Optional<String> failure) {
      LogFields.putInMdc(ids);
      if (announces) {
        quietly(() -> events.end(operation, time.nanos() - startNanos, failure));
      }
      quietly(() -> Spans.end(span, failure));
    }

    void fail(Throwable failure) {
      LogFields.putInMdc(ids);
      if (announces) {
        quietly(() -> events.fail(operation, time.nanos() - startNanos, failure));
      }
      quietly(() -> Spans.end(span, failure));
    }
  }
}
