package dev.ashlar.tracing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CallContext;
import io.opentelemetry.context.Context;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * All that a thread knows of the request it works for, taken to be put on in another thread: the
 * call's context, the trace with its baggage, and the log's MDC.
 *
 * <p>It is the one way to cross threads. Carrying one of the three and not the others is how ids
 * vanish from half of the log lines.
 *
 * <p><b>Guarantees.</b> A task that is {@linkplain #wrap wrapped}, or given to an executor made by
 * {@link #carrying} or {@link #on}, sees what the thread saw that took the snapshot, whichever
 * thread runs it; afterwards that thread has what it had before, also when the task throws
 * (TRACE-18, TRACE-20). The continuation of a future sees what was there when it was registered,
 * whoever completes the future (TRACE-19).
 *
 * <p><b>Not guaranteed.</b> To hide a call's context: a snapshot taken without one, put on in a
 * thread that is inside one, leaves that one visible ({@link CallContext#current()} only). The MDC
 * and the trace are hidden. A thread of a pool has none of its own.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <pre>{@code
 * Executor carrying = ContextSnapshot.carrying(pool);
 * carrying.execute(() -> reserve(order));
 * timer.schedule(ContextSnapshot.now().wrap(() -> remind(order)), 1, TimeUnit.MILLISECONDS);
 * reply.thenAcceptAsync(answer -> ship(answer), ContextSnapshot.now().on(pool));
 * }</pre>
 *
 * @see CallContext#wrap(Runnable)
 */
public final class ContextSnapshot {

  private final Optional<CallContext> call;
  private final Context trace;
  private final Map<String, String> log;

  private ContextSnapshot(Optional<CallContext> call, Context trace, Map<String, String> log) {
    this.call = call;
    this.trace = trace;
    this.log = log;
  }

  /** Returns what this thread works for now. */
  public static ContextSnapshot now() {
    return new ContextSnapshot(CallContext.current(), Context.current(), LogFields.inMdc());
  }

  /**
   * Returns an executor whose tasks see what the thread saw that handed them over.
   *
   * <p>Not for the continuations of a future, which are handed over by whoever completes it: those
   * take {@link #on}.
   *
   * @param executor runs the tasks
   */
  public static Executor carrying(Executor executor) {
    requireNonNull(executor, "executor");
    return task -> executor.execute(now().wrap(task));
  }

  /**
   * Returns an executor whose tasks see what is in this snapshot, whoever hands them over.
   *
   * @param executor runs the tasks; {@code Runnable::run} for the thread that completes a future
   */
  public Executor on(Executor executor) {
    requireNonNull(executor, "executor");
    return task -> executor.execute(wrap(task));
  }

  /** Returns the call's context, if there was one. */
  public Optional<CallContext> callContext() {
    return call;
  }

  /** Returns what stood in the MDC, the ids under the names in {@link LogFields}. */
  public Map<String, String> logFields() {
    Map<String, String> fields = new TreeMap<>(log);
    // A backend may let somebody put null in.
    fields.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(fields);
  }

  /** Returns a task that sees this, whichever thread runs it. */
  public Runnable wrap(Runnable task) {
    requireNonNull(task, "task");
    return () -> run(task);
  }

  /** Returns a task that sees this, whichever thread calls it. */
  public <T> Callable<T> wrap(Callable<T> task) {
    requireNonNull(task, "task");
    return () -> call(task);
  }

  /** Runs a task that sees this. */
  public void run(Runnable task) {
    inside(
        () -> {
          trace.wrap(task).run();
          return true;
        });
  }

  /** Runs a task that sees this, and returns its result. */
  public <T> T call(Callable<T> task) throws Exception {
    return inside(trace.wrap(task)::call);
  }

  private <T, X extends Exception> T inside(CallContext.Task<T, X> task) throws X {
    Map<String, String> before = LogFields.inMdc();
    try {
      LogFields.setMdc(log);
      return call.isPresent() ? call.get().call(task) : CallContext.callWithout(task);
    } finally {
      LogFields.setMdc(before);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ContextSnapshot that
        && call.equals(that.call)
        && trace.equals(that.trace)
        && log.equals(that.log);
  }

  @Override
  public int hashCode() {
    return Objects.hash(call, trace, log);
  }

  /** Returns the ids; the rest of the MDC may be secret. */
  @Override
  public String toString() {
    return "ContextSnapshot["
        + call.map(context -> context.correlation() + " " + context.request()).orElse("no context")
        + "]";
  }
}
