package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.resilience.PipelinePolicy;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What attempts, observers and the fallback see of the context, and what is left behind. */
abstract class ContextProperties extends DeadlineProperties {

  private static final long REAL_SECONDS = 30;

  private final List<Optional<CallContext>> seen = new ArrayList<>();

  @Test
  @Proves("CALL-22")
  void attemptsObserversAndTheFallbackSeeTheCallsContext() throws Exception {
    for (Threads threads : kinds()) {
      seen.clear();
      CallContext context = context();
      threads.run(
          () -> {
            watched().tryCall(context, this::failing, Optional.of((c, failure) -> look()));
            seen.add(CallContext.current());
            return true;
          });

      // Three attempts, two retries and a degradation that were counted, and the fallback.
      assertThat(seen).hasSize(8);
      assertThat(seen.get(7)).as("afterwards").isEmpty();
      assertThat(seen.subList(0, 7))
          .allSatisfy(each -> assertThat(each).get().matches(found -> isSame(found, context)));
    }
  }

  @Test
  @Proves("CALL-22")
  void anAttemptIsRunInTheContextThatItIsGiven() throws Exception {
    run(
        open(generous()),
        context(),
        attempt -> {
          assertThat(CallContext.current()).contains(attempt);
          assertThat(attempt.attempt()).isEqualTo(1);
          return "done";
        });
  }

  @Test
  @Proves("CALL-22")
  void aThreadHasItsFormerContextBackHoweverTheCallEnds() throws Exception {
    CallContext outer = context();
    outer.call(
        () -> {
          assertThatThrownBy(() -> run(open(generous()), context(), attempt -> crash()))
              .isInstanceOf(SimulatedCrash.class);
          assertThat(CallContext.current()).contains(outer);
          run(open(generous()), context(), new Script(permanent()));
          assertThat(CallContext.current()).contains(outer);
          return true;
        });
    assertThat(CallContext.current()).isEmpty();
  }

  private static String crash() {
    throw new SimulatedCrash("on purpose");
  }

  private String failing(CallContext attempt) {
    seen.add(CallContext.current());
    throw certain();
  }

  private String look() {
    seen.add(CallContext.current());
    return "old";
  }

  private TestedPipeline watched() {
    Observer listening =
        new Observer() {
          @Override
          public void count(String event, long n) {
            seen.add(CallContext.current());
          }
        };
    PipelinePolicy policy = generous().withRetry(retry(3, Duration.ZERO));
    return open(new TestedPipeline.Setting(policy, time, new SplittableRandom(1), listening));
  }

  private static boolean isSame(CallContext found, CallContext context) {
    return found.correlation().equals(context.correlation())
        && found.request().equals(context.request())
        && found.causedBy().equals(context.causedBy())
        && found.criticality() == context.criticality()
        && found.cohort() == context.cohort()
        && found.client().equals(context.client());
  }

  /** Virtual threads where this JVM has them: the sources must compile for Java 17. */
  private static List<Threads> kinds() {
    List<Threads> kinds = new ArrayList<>();
    kinds.add(body -> finish(body, task -> new Thread(task).start()));
    for (Method method : Thread.class.getMethods()) {
      if (method.getName().equals("startVirtualThread")) {
        kinds.add(body -> finish(body, task -> method.invoke(null, task)));
      }
    }
    assertThat(kinds).hasSize(Runtime.version().feature() >= 21 ? 2 : 1);
    return kinds;
  }

  private static void finish(Body body, Start start) throws Exception {
    FutureTask<Boolean> task = new FutureTask<>(body::run);
    start.start(task);
    assertThat(task.get(REAL_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  private interface Body {
    boolean run() throws Exception;
  }

  private interface Start {
    void start(Runnable task) throws Exception;
  }

  private interface Threads {
    void run(Body body) throws Exception;
  }
}
