package dev.ashlar.core.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallHistoryTest {

  private static final Counter.Input ADD = new Counter.Add(1);

  @Test
  void momentsAreNanosecondsThatNeverStandStillNorOverflow() {
    ManualTime time = ManualTime.nearOverflow();
    CallHistory<Counter.Input, Long> history = CallHistory.of(time, 10);

    CallHistory.Call<Counter.Input, Long> first = history.invoke("a", "k", ADD);
    CallHistory.Call<Counter.Input, Long> second = history.invoke("b", "k", ADD);
    second.ok(1L);
    time.advance(Duration.ofSeconds(5));
    first.ok(2L);

    assertThat(history.operations())
        .extracting(Operation::span)
        .containsExactly(new Span(0, 5_000_000_000L), new Span(1, 2));
  }

  @Test
  void whatIsNotEndedStaysOpenAndALateAnswerEndsIt() {
    CallHistory<Counter.Input, Long> history = CallHistory.of(ManualTime.create(), 10);
    CallHistory.Call<Counter.Input, Long> late = history.invoke("a", "k", ADD);
    history.invoke("b", "k", ADD).unknown();
    history.invoke("c", "k", ADD).failed();
    late.unknown();

    assertThat(history.operations())
        .extracting(Operation::outcome)
        .containsExactly(new Outcome.Unknown<>(), new Outcome.Unknown<>(), new Outcome.Failed<>());
    assertThat(history.operations().get(0).span().isOpen()).isTrue();

    late.ok(1L);
    assertThat(history.operations().get(0).isAnswered()).isTrue();
    assertThatThrownBy(() -> late.ok(2L))
        .hasMessage("a: Add[amount=1] has ended (expected: one end for each call)");
    assertThatThrownBy(late::failed).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void whatACallThrowsSaysWhetherItMayHaveHappened() {
    CallHistory<Counter.Input, Long> history = CallHistory.of(ManualTime.create(), 10);

    assertThat(history.record("a", "k", ADD, () -> 7L)).isEqualTo(7);
    assertThatThrownBy(() -> history.record("a", "k", ADD, failing(Effect.NONE)))
        .isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> history.record("a", "k", ADD, failing(Effect.UNKNOWN)))
        .isInstanceOf(BackendException.class);
    assertThatThrownBy(
            () ->
                history.record(
                    "a",
                    "k",
                    ADD,
                    () -> {
                      throw new IllegalStateException("bug");
                    }))
        .hasMessage("bug");

    assertThat(history.operations())
        .extracting(Operation::outcome)
        .containsExactly(
            new Outcome.Answered<>(7L),
            new Outcome.Failed<>(),
            new Outcome.Unknown<>(),
            new Outcome.Unknown<>());
  }

  private static CallHistory.Body<Long, RuntimeException> failing(Effect effect) {
    return () -> {
      throw new BackendException("store: no answer", effect, new Advice.Transient(), null);
    };
  }

  @Test
  void aFullHistoryIsAFailureAndSoAreBadSettings() {
    CallHistory<Counter.Input, Long> history = CallHistory.of(ManualTime.create(), 1);
    history.invoke("a", "k", ADD).ok(1L);

    assertThatThrownBy(() -> history.invoke("a", "k", ADD))
        .hasMessage("history: full (expected: fewer than 1 operations)");
    assertThatThrownBy(() -> CallHistory.of(ManualTime.create(), 0))
        .hasMessage("operationsMax: 0 (expected: 1 to 10000000)");
    assertThatThrownBy(() -> new Span(2, 1)).hasMessage("ended: 1 (expected: at least 2)");
    assertThatThrownBy(
            () -> new Operation<>("a", "k", ADD, new Outcome.Answered<>(1L), Span.open(1)))
        .hasMessage("span: open (expected: closed, since it was answered)");
  }

  // Threads.

  @Test
  void aCallIsRecordedAroundItsBody() {
    AtomicLong visits = new AtomicLong();
    // [readme:record]
    // [doc:CallHistory]
    CallHistory<Counter.Input, Long> history = CallHistory.of(TimeSource.system(), 10_000);
    Long seen = history.record("thread-1", "visits", new Counter.Add(1), visits::incrementAndGet);
    Linearizability.of(Counter.startingAt(0)).check(history.operations()).orThrow();
    // [/doc]
    // [/readme]
    assertThat(seen).isEqualTo(1);
  }

  @Test
  void anAtomicCounterUnderThreadsIsLinearizable() throws Exception {
    AtomicLong counter = new AtomicLong();
    CallHistory<Counter.Input, Long> history = CallHistory.of(TimeSource.system(), 10_000);
    inThreads(
        4,
        name -> {
          for (int i = 0; i < 500; i++) {
            history.record(name, "k", ADD, counter::incrementAndGet);
          }
        });

    assertThat(history.operations()).hasSize(2000);
    Linearizability.of(Counter.startingAt(0)).check(history.operations()).orThrow();
  }

  @Test
  void aCounterThatReadsAndThenWritesIsNot() throws Exception {
    AtomicLong counter = new AtomicLong();
    CyclicBarrier between = new CyclicBarrier(2);
    CallHistory<Counter.Input, Long> history = CallHistory.of(TimeSource.system(), 10);
    inThreads(
        2,
        name ->
            history.record(
                name,
                "k",
                ADD,
                () -> {
                  long read = counter.get();
                  between.await();
                  counter.set(read + 1);
                  return read + 1;
                }));

    assertThat(Linearizability.of(Counter.startingAt(0)).check(history.operations()))
        .isInstanceOf(Verdict.Violated.class);
  }

  private interface Body {
    void run(String name) throws Exception;
  }

  private static void inThreads(int count, Body body) throws Exception {
    List<Background<Boolean>> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "t" + i;
      threads.add(
          Background.start(
              name,
              () -> {
                body.run(name);
                return true;
              }));
    }
    for (Background<Boolean> thread : threads) {
      Eventually.holds("the thread has ended", Duration.ofSeconds(30), thread::isDone);
      assertThat(thread.result()).isTrue();
    }
  }
}
