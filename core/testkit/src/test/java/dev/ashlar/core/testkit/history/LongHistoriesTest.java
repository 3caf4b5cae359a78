package dev.ashlar.core.testkit.history;

import static dev.ashlar.core.testkit.history.Calls.check;
import static dev.ashlar.core.testkit.history.Calls.count;
import static dev.ashlar.core.testkit.history.Calls.lost;
import static dev.ashlar.core.testkit.history.Calls.read;
import static dev.ashlar.core.testkit.history.Calls.seen;
import static dev.ashlar.core.testkit.history.Calls.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ashlar.core.testkit.history.Operation.Outcome;
import dev.ashlar.core.testkit.history.Operation.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What can be decided within the limit, and what happens where it is not. */
class LongHistoriesTest {

  @Test
  void longHistoriesOfAFewProcessesAreDecided() {
    List<Operation<Counter.Input, Long>> history = new ArrayList<>();
    for (int i = 1; i <= 20_000; i++) {
      history.add(count(10L * i - 25, 10L * i + 25, new Counter.Add(1), i));
    }
    Collections.shuffle(history, new Random(1));

    assertThatCode(() -> Linearizability.of(Counter.startingAt(0)).check(history).orThrow())
        .doesNotThrowAnyException();
    history.add(count(1_000_000, 1_000_001, new Counter.Read(), 19_999));
    assertThat(Linearizability.of(Counter.startingAt(0)).check(history))
        .isInstanceOf(Verdict.Violated.class);
  }

  @Test
  void manyLostAnswersAreDecided() {
    List<Operation<Register.Input<String>, Register.Output<String>>> writes = new ArrayList<>();
    List<Operation<Counter.Input, Long>> adds = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      writes.add(lost(i, "lost" + i));
      adds.add(
          new Operation<>("p", "k", new Counter.Add(1), new Outcome.Unknown<>(), Span.open(i)));
    }
    for (int i = 0; i < 200; i++) {
      writes.add(write(100 + 10L * i, 101 + 10L * i, "x" + i));
      writes.add(read(102 + 10L * i, 103 + 10L * i, i % 5 == 0 ? "lost" + i / 5 : "x" + i));
      adds.add(count(100 + 10L * i, 101 + 10L * i, new Counter.Add(1), i + 1 + i / 5));
    }
    assertThat(check(writes)).isInstanceOf(Verdict.Linearizable.class);
    assertThat(Linearizability.of(Counter.startingAt(0)).check(adds))
        .isInstanceOf(Verdict.Linearizable.class);

    writes.add(read(5000, 5001, "lost0"));
    adds.add(count(5000, 5001, new Counter.Read(), 300));
    assertThat(check(writes)).isInstanceOf(Verdict.Violated.class);
    assertThat(Linearizability.of(Counter.startingAt(0)).check(adds))
        .isInstanceOf(Verdict.Violated.class);
  }

  /** The heap of the tests is 256 MB, so this also shows that the limit is one of memory. */
  @Test
  void aHistoryOfManyAtOnceIsUndecidedWithinItsLimit() {
    List<Operation<AppendList.Input<String>, AppendList.Output<String>>> history =
        new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      history.add(
          new Operation<>(
              "p", "k", new AppendList.Append<>("e" + i), new Outcome.Unknown<>(), Span.open(i)));
    }
    history.add(seen(100, 200, "never"));

    Verdict verdict = Linearizability.of(AppendList.<String>empty()).check(history);

    assertThat(verdict).isInstanceOf(Verdict.Undecided.class);
  }
}
