package dev.ashlar.tracing.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.SimulatedCrash;
import dev.ashlar.tracing.ContextSnapshot;
import dev.ashlar.tracing.LogFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every executor must do that carries the context of the request, as tests: the properties
 * TRACE-18 to TRACE-20.
 *
 * <p>A subclass says which threads run the tasks and how they are made to carry. The tests need a
 * backend of SLF4J with an MDC on the class path.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class ExecutorContract extends Contract {

  private static final long SECONDS = 30;

  private final CallContext mine = Requests.root();
  private final CallContext theirs = Requests.root();

  /** For subclasses. */
  protected ExecutorContract() {}

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** Returns the threads, carrying nothing; the same ones in each call of one test. */
  protected abstract Executor threads();

  /** Makes an executor carry the context of whoever hands over a task. */
  protected Executor carrying(Executor executor) {
    return ContextSnapshot.carrying(executor);
  }

  /** Makes an executor carry what a snapshot holds, for the continuations of a future. */
  protected Executor on(ContextSnapshot snapshot, Executor executor) {
    return snapshot.on(executor);
  }

  /** Runs a task in a context of its own, with its ids in the log lines. */
  protected abstract void inside(CallContext context, Runnable task);

  @Test
  @Proves("TRACE-18")
  void aTaskSeesWhatItsSubmitterSaw() throws Exception {
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();
    Executor executor = carrying(threads());

    ContextSnapshot submitted =
        snapshotIn(mine, () -> executor.execute(() -> seen.complete(ContextSnapshot.now())));

    assertThat(submitted.logFields()).containsKeys(LogFields.CORRELATION_ID, LogFields.REQUEST_ID);
    assertThat(result(seen)).isEqualTo(submitted);
  }

  @Test
  @Proves("TRACE-18")
  void aTaskHandedOverByATaskSeesTheSameRequest() throws Exception {
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();
    Executor executor = carrying(threads());

    ContextSnapshot submitted =
        snapshotIn(
            mine,
            () ->
                executor.execute(
                    () -> executor.execute(() -> seen.complete(ContextSnapshot.now()))));

    assertThat(result(seen)).isEqualTo(submitted);
  }

  @Test
  @Proves("TRACE-18")
  void afterwardsTheThreadHasWhatItHadBefore() throws Exception {
    Worker worker = worker(() -> {});

    assertThat(worker.during).isEqualTo(worker.submitted);
    assertThat(worker.before).isNotEqualTo(worker.submitted);
    assertThat(worker.after).isEqualTo(worker.before);
  }

  @Test
  @Proves("TRACE-18")
  void aThreadThatWorksForAnotherRequestHasThatOneAgainAfterwards() throws Exception {
    Worker worker = new Worker();
    CompletableFuture<Worker> done = new CompletableFuture<>();
    Runnable task = worker.task(() -> {});

    threads().execute(() -> complete(done, worker, () -> inside(theirs, () -> worker.run(task))));

    assertThat(result(done).during).isEqualTo(worker.submitted);
    assertThat(worker.before.callContext()).contains(theirs);
    assertThat(worker.after).isEqualTo(worker.before);
  }

  @Test
  @Proves("TRACE-18")
  void aTaskOfNoRequestSeesNoneInAThreadThatWorksForOne() throws Exception {
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();
    Executor executor = carrying(task -> threads().execute(() -> inside(theirs, task)));

    executor.execute(() -> seen.complete(ContextSnapshot.now()));

    assertThat(result(seen).callContext()).isEmpty();
    assertThat(result(seen)).isEqualTo(ContextSnapshot.now());
  }

  @Test
  @Proves("TRACE-20")
  void anExceptionRestoresWhatTheThreadHad() throws Exception {
    Worker worker =
        worker(
            () -> {
              throw new IllegalStateException("on purpose");
            });

    assertThat(worker.thrown).isInstanceOf(IllegalStateException.class);
    assertThat(worker.after).isEqualTo(worker.before);
  }

  @Test
  @Proves("TRACE-20")
  void anErrorRestoresWhatTheThreadHad() throws Exception {
    Worker worker =
        worker(
            () -> {
              throw new SimulatedCrash("on purpose");
            });

    assertThat(worker.thrown).isInstanceOf(SimulatedCrash.class);
    assertThat(worker.after).isEqualTo(worker.before);
  }

  @Test
  @Proves("TRACE-20")
  void anInterruptRestoresWhatTheThreadHadAndStays() throws Exception {
    Worker worker = worker(() -> Thread.currentThread().interrupt());

    assertThat(worker.interrupted).isTrue();
    assertThat(worker.after).isEqualTo(worker.before);
  }

  @Test
  @Proves("TRACE-19")
  void aContinuationSeesWhatWasThereWhenItWasRegistered() throws Exception {
    CompletableFuture<String> reply = new CompletableFuture<>();
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();

    ContextSnapshot registered = snapshotIn(mine, () -> register(reply, seen));
    completeElsewhere(() -> reply.complete("done"));

    assertThat(result(seen)).isEqualTo(registered);
  }

  @Test
  @Proves("TRACE-19")
  void soDoesOneBehindAllOfSeveralFutures() throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> second = new CompletableFuture<>();
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();

    ContextSnapshot registered =
        snapshotIn(mine, () -> register(CompletableFuture.allOf(first, second), seen));
    completeElsewhere(() -> first.complete("one"));
    completeElsewhere(() -> second.complete("two"));

    assertThat(result(seen)).isEqualTo(registered);
  }

  @Test
  @Proves("TRACE-19")
  void soDoesOneBehindATimeout() throws Exception {
    CompletableFuture<String> never = new CompletableFuture<>();
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();

    ContextSnapshot registered =
        snapshotIn(mine, () -> register(never.orTimeout(1, TimeUnit.MILLISECONDS), seen));

    assertThat(result(seen)).isEqualTo(registered);
  }

  @Test
  @Proves("TRACE-19")
  void soDoesOneBehindACancellation() throws Exception {
    CompletableFuture<String> reply = new CompletableFuture<>();
    CompletableFuture<ContextSnapshot> seen = new CompletableFuture<>();

    ContextSnapshot registered = snapshotIn(mine, () -> register(reply, seen));
    completeElsewhere(() -> reply.cancel(true));

    assertThat(result(seen)).isEqualTo(registered);
  }

  private void register(CompletableFuture<?> future, CompletableFuture<ContextSnapshot> seen) {
    Executor executor = on(ContextSnapshot.now(), threads());
    // What is waited for is what the continuation saw, not the future that it makes.
    CompletableFuture<?> ignored =
        future.whenCompleteAsync(
            (value, failure) -> seen.complete(ContextSnapshot.now()), executor);
    assertThat(ignored).isNotNull();
  }

  /** Another request's thread completes what this one waits for. */
  private void completeElsewhere(Runnable completion) throws Exception {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              inside(theirs, completion);
              done.complete(true);
            });
    thread.start();
    result(done);
  }

  private ContextSnapshot snapshotIn(CallContext context, Runnable task) {
    List<ContextSnapshot> taken = new ArrayList<>();
    inside(
        context,
        () -> {
          taken.add(ContextSnapshot.now());
          task.run();
        });
    return taken.get(0);
  }

  private Worker worker(Runnable body) throws Exception {
    Worker worker = new Worker();
    CompletableFuture<Worker> done = new CompletableFuture<>();
    Runnable task = worker.task(body);
    threads().execute(() -> complete(done, worker, () -> worker.run(task)));
    return result(done);
  }

  /** A test must end, also where the executor or the contract itself is broken. */
  private static void complete(CompletableFuture<Worker> done, Worker worker, Runnable run) {
    Throwable failure = catchThrowable(run::run);
    if (failure == null) {
      done.complete(worker);
    } else {
      done.completeExceptionally(failure);
    }
  }

  private static <T> T result(CompletableFuture<T> future) throws Exception {
    return future.get(SECONDS, TimeUnit.SECONDS);
  }

  /** One thread, looked at before, during and after a task that was handed over. */
  private final class Worker {
    private ContextSnapshot submitted = ContextSnapshot.now();
    private ContextSnapshot before = submitted;
    private ContextSnapshot during = submitted;
    private ContextSnapshot after = submitted;
    private boolean interrupted;
    private Throwable thrown = new AssertionError("nothing was thrown");

    /** Returns what the carrying executor makes of a task, for a thread of our own choice. */
    Runnable task(Runnable body) {
      List<Runnable> handedOver = new ArrayList<>();
      Executor executor = carrying(handedOver::add);
      submitted =
          snapshotIn(
              mine,
              () ->
                  executor.execute(
                      () -> {
                        during = ContextSnapshot.now();
                        body.run();
                      }));
      return handedOver.get(0);
    }

    void run(Runnable task) {
      before = ContextSnapshot.now();
      Throwable failure = catchThrowable(task::run);
      if (failure != null) {
        thrown = failure;
      }
      interrupted = Thread.interrupted();
      after = ContextSnapshot.now();
    }
  }
}
