package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import io.opentelemetry.api.trace.Span;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** The contract over this block's own scope: a context, its ids in the log, and a span. */
abstract class Carriers extends ExecutorContract {

  private final Telemetry.Spans spans = new Telemetry.Spans();
  private final Observer tracing =
      dev.ashlar.tracing.Tracing.of(
          Telemetry.FULL.open(spans),
          "test",
          Requests.receiver(CallContext.Trust.PEER),
          PropagationContract.BOUNDARY);
  private Optional<Executor> opened = Optional.empty();

  abstract Executor open() throws Exception;

  /** A task may still be on its way out when the test has what it waited for. */
  private static void close(ExecutorService threads) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
      throw new AssertionError("threads: not ended within 30 seconds");
    }
  }

  @Override
  protected final Executor threads() {
    if (opened.isEmpty()) {
      try {
        opened = Optional.of(open());
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
    return opened.get();
  }

  @AfterEach
  final void closeThreads() throws Exception {
    if (opened.isPresent()) {
      Executor executor = opened.get();
      close(executor instanceof ScheduledTasks tasks ? tasks.timer() : (ExecutorService) executor);
    }
    Scopes.assertAllClosed();
  }

  @Override
  protected final void inside(CallContext context, Runnable task) {
    Operation job = Operation.of(Operation.Kind.INTERNAL, "job");
    context.run(
        () ->
            tracing.<Boolean, RuntimeException>around(
                job,
                Headers.empty(),
                out -> {
                  if (!Span.current().getSpanContext().isValid()) {
                    throw new IllegalStateException("no span");
                  }
                  task.run();
                  return true;
                }));
  }

  static Executor fixed() {
    return Executors.newFixedThreadPool(2);
  }

  static Executor scheduled() {
    ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    return new ScheduledTasks(timer);
  }

  static Executor forkJoin() {
    return new ForkJoinPool(2);
  }

  /** Found by name, because the sources compile for Java 17. */
  static Optional<Executor> virtual() throws ReflectiveOperationException {
    for (Method method : Executors.class.getMethods()) {
      if (method.getName().equals("newVirtualThreadPerTaskExecutor")) {
        return Optional.of((Executor) method.invoke(null));
      }
    }
    return Optional.empty();
  }

  /** Every task goes through the timer. */
  record ScheduledTasks(ScheduledExecutorService timer) implements Executor {
    @Override
    public void execute(Runnable task) {
      if (timer.schedule(task, 1, TimeUnit.MILLISECONDS).isCancelled()) {
        throw new IllegalStateException("the timer is shut down");
      }
    }
  }
}
