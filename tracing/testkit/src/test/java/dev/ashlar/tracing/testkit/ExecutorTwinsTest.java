package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.testkit.Twins;
import dev.ashlar.tracing.ContextSnapshot;
import io.opentelemetry.context.Context;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.MDC;

/** Executors that carry a part, or carry too long. */
class ExecutorTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(CarriesNothingTwin.class, "TRACE-18", "TRACE-19")
        .and(CarriesTheTraceOnlyTwin.class, "TRACE-18")
        .and(CarriesTheCallOnlyTwin.class, "TRACE-18")
        .and(LeavesTheMdcTwin.class, "TRACE-18", "TRACE-20")
        .and(ClearsTheMdcTwin.class, "TRACE-18")
        .and(LeavesTheMdcAfterAFailureTwin.class, "TRACE-20")
        .and(CapturesAtCompletionTwin.class, "TRACE-19")
        .tests();
  }

  private abstract static class PoolTwin extends Carriers {
    @Override
    Executor open() {
      return fixed();
    }
  }

  /** A plain pool. */
  static class CarriesNothingTwin extends PoolTwin {
    @Override
    protected Executor carrying(Executor executor) {
      return executor;
    }

    @Override
    protected Executor on(ContextSnapshot snapshot, Executor executor) {
      return executor;
    }
  }

  /** The tracer's own wrapper: spans are right, and the log has no ids. */
  static class CarriesTheTraceOnlyTwin extends PoolTwin {
    @Override
    protected Executor carrying(Executor executor) {
      return task -> executor.execute(Context.current().wrap(task));
    }
  }

  /** Core's own wrapper: the context is right, log and spans are not. */
  static class CarriesTheCallOnlyTwin extends PoolTwin {
    @Override
    protected Executor carrying(Executor executor) {
      return task ->
          executor.execute(CallContext.current().map(context -> context.wrap(task)).orElse(task));
    }
  }

  /** Sets the MDC and never takes it back. */
  static class LeavesTheMdcTwin extends PoolTwin {
    @Override
    protected Executor carrying(Executor executor) {
      return task -> {
        Map<String, String> mdc = mdc();
        Runnable wrapped = ContextSnapshot.now().wrap(task);
        executor.execute(
            () -> {
              try {
                wrapped.run();
              } finally {
                MDC.setContextMap(mdc);
              }
            });
      };
    }
  }

  /** Takes back what it set, and everything else with it. */
  static class ClearsTheMdcTwin extends PoolTwin {
    @Override
    protected Executor carrying(Executor executor) {
      return task -> {
        Runnable wrapped = ContextSnapshot.now().wrap(task);
        executor.execute(
            () -> {
              try {
                wrapped.run();
              } finally {
                MDC.clear();
              }
            });
      };
    }
  }

  /** Takes back in the line behind the task, which an exception does not reach. */
  static class LeavesTheMdcAfterAFailureTwin extends PoolTwin {
    @Override
    protected Executor carrying(Executor executor) {
      return task -> {
        Map<String, String> mdc = mdc();
        Optional<CallContext> call = CallContext.current();
        executor.execute(
            () -> {
              Map<String, String> before = mdc();
              MDC.setContextMap(mdc);
              call.orElseThrow().run(task);
              MDC.setContextMap(before);
            });
      };
    }
  }

  /** Takes the snapshot when the future completes. */
  static class CapturesAtCompletionTwin extends PoolTwin {
    @Override
    protected Executor on(ContextSnapshot snapshot, Executor executor) {
      return ContextSnapshot.carrying(executor);
    }
  }

  private static Map<String, String> mdc() {
    Map<String, String> map = MDC.getCopyOfContextMap();
    return map == null ? Map.of() : map;
  }
}
