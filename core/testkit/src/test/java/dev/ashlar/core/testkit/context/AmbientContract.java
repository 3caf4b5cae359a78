package dev.ashlar.core.testkit.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.SimulatedCrash;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a thread sees of the context that it runs in, and what it sees afterwards. */
abstract class AmbientContract extends Contract {

  private static final long SECONDS = 30;

  private final ManualTime time = ManualTime.create();
  private final IdSource ids = IdSource.of(time, new SplittableRandom(1));
  private final CallContext outer = fresh();
  private final CallContext inner = fresh();

  abstract ContextPort port();

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  private CallContext fresh() {
    return CallContext.root(ids, Deadline.after(Duration.ofSeconds(2), time), "test");
  }

  @Test
  @Proves("CALL-22")
  void attemptsListenersAndTheFallbackSeeTheSameContext() {
    List<Optional<CallContext>> seen = new ArrayList<>();
    port()
        .run(
            outer,
            () -> {
              for (int attempt = 1; attempt <= 3; attempt++) {
                port().run(outer.forAttempt(attempt), () -> seen.add(port().current()));
                seen.add(port().current());
              }
              seen.add(port().current());
            });

    assertThat(seen)
        .containsExactly(
            Optional.of(outer.forAttempt(1)),
            Optional.of(outer),
            Optional.of(outer.forAttempt(2)),
            Optional.of(outer),
            Optional.of(outer.forAttempt(3)),
            Optional.of(outer),
            Optional.of(outer));
    assertThat(port().current()).isEmpty();
  }

  @Test
  @Proves("CALL-22")
  void aWrappedTaskSeesItsContextInWhicheverThreadAndLeavesNothingThere() throws Exception {
    for (Threads kind : kinds()) {
      List<Optional<CallContext>> seen = new ArrayList<>();
      Runnable task = port().wrap(outer, () -> seen.add(port().current()));
      kind.run(
          () -> {
            seen.add(port().current());
            task.run();
            seen.add(port().current());
          });

      assertThat(seen).containsExactly(Optional.empty(), Optional.of(outer), Optional.empty());
    }
  }

  @Test
  @Proves("CALL-22")
  void aPooledThreadKeepsNothingFromOneTaskToTheNext() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      Future<?> first = pool.submit(port().wrap(outer, () -> {}));
      first.get(SECONDS, TimeUnit.SECONDS);
      Future<?> failing = pool.submit(port().wrap(outer, AmbientContract::fail));
      assertThatThrownBy(() -> failing.get(SECONDS, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IllegalStateException.class);

      Future<Optional<CallContext>> next = pool.submit(() -> port().current());

      assertThat(next.get(SECONDS, TimeUnit.SECONDS)).isEmpty();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  @Proves("CALL-22")
  void aTaskThatThrowsLeavesWhatWasThereBefore() {
    port()
        .run(
            outer,
            () -> {
              assertThatThrownBy(() -> port().run(inner, AmbientContract::fail))
                  .isInstanceOf(IllegalStateException.class);
              assertThat(port().current()).contains(outer);
              assertThatThrownBy(() -> port().run(inner, AmbientContract::crash))
                  .isInstanceOf(SimulatedCrash.class);
              assertThat(port().current()).contains(outer);
            });

    assertThatThrownBy(() -> port().run(outer, AmbientContract::fail))
        .isInstanceOf(IllegalStateException.class);
    assertThat(port().current()).isEmpty();
  }

  @Test
  @Proves("CALL-22")
  void workOfNobodySeesNoContextAndLeavesWhatWasThereBefore() throws Exception {
    boolean seen =
        outer.call(
            () -> {
              boolean inside = CallContext.callWithout(() -> port().current().isPresent());
              assertThatThrownBy(() -> CallContext.callWithout(AmbientContract::failing))
                  .isInstanceOf(IllegalStateException.class);
              assertThat(port().current()).contains(outer);
              return inside;
            });

    assertThat(seen).isFalse();
    assertThat(port().current()).isEmpty();
  }

  private static boolean failing() {
    fail();
    return true;
  }

  private static void fail() {
    assertNever(new IllegalStateException("on purpose"));
  }

  private static void assertNever(RuntimeException failure) {
    throw failure;
  }

  private static void crash() {
    Runnable crash =
        () -> {
          throw new SimulatedCrash("on purpose");
        };
    crash.run();
  }

  /** Virtual threads where this JVM has them: the sources must compile for Java 17. */
  private static List<Threads> kinds() {
    List<Threads> kinds = new ArrayList<>();
    kinds.add(task -> finish(startPlatform(task)));
    for (Method method : Thread.class.getMethods()) {
      if (method.getName().equals("startVirtualThread")) {
        kinds.add(task -> finish((Thread) method.invoke(null, task)));
      }
    }
    assertThat(kinds).hasSize(Runtime.version().feature() >= 21 ? 2 : 1);
    return kinds;
  }

  private static Thread startPlatform(Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    return thread;
  }

  private static void finish(Thread thread) throws InterruptedException {
    thread.join(TimeUnit.SECONDS.toMillis(SECONDS));
    assertThat(thread.isAlive()).isFalse();
  }

  private interface Threads {
    void run(Runnable task) throws Exception;
  }
}
