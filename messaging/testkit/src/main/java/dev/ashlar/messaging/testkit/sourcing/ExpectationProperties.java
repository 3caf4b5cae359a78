package dev.ashlar.messaging.testkit.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That an append is stored where its expectation holds, and nowhere else. */
abstract class ExpectationProperties extends EventStoreFixture {

  private static final int WRITERS = 4;
  private static final int ROUNDS = 20;

  private final StreamName stream = freshStream();

  @Test
  @Proves("STORE-1")
  void aWrongExpectationStoresNothingAndIsToldTheEnd() throws Exception {
    EventStore store = store();
    List<Event> there = appended(store, stream, 0, "one", "two");

    for (ExpectedEnd wrong :
        List.of(ExpectedEnd.none(), ExpectedEnd.exactly(1), ExpectedEnd.exactly(3))) {
      assertThat(append(store, stream, wrong, events("late", "too late")))
          .isEqualTo(new AppendResult.Conflict(2));
    }

    assertThat(all(store, stream)).isEqualTo(there);
  }

  @Test
  @Proves("STORE-1")
  void anEndThatAStreamWithoutEventsCannotHaveMakesNoStream() throws Exception {
    EventStore store = store();

    assertThat(append(store, stream, ExpectedEnd.exactly(1), events("early")))
        .isEqualTo(new AppendResult.Conflict(0));

    assertThat(all(store, stream)).isEmpty();
    appended(store, stream, 0, "first");
  }

  @Test
  @Proves("STORE-1")
  void anAppendWithoutExpectationComesBehindWhateverIsThere() throws Exception {
    EventStore store = store();

    assertThat(append(store, stream, ExpectedEnd.any(), events("one")))
        .isEqualTo(new AppendResult.Appended(1));
    appended(store, stream, 1, "two", "three");
    assertThat(append(store, stream, ExpectedEnd.any(), events("four", "five")))
        .isEqualTo(new AppendResult.Appended(5));

    assertThat(texts(all(store, stream))).containsExactly("one", "two", "three", "four", "five");
  }

  @Test
  @Proves("STORE-2")
  void ofWritersThatExpectTheSameEndExactlyOneWins() throws Exception {
    EventStore store = store();
    EventStore[] handles = {store, another(store), another(store), another(store)};
    List<String> expected = new ArrayList<>();

    for (int round = 0; round < ROUNDS; round++) {
      long end = round * 2L;
      List<AppendResult> results =
          atOnce(
              WRITERS,
              number ->
                  append(
                      handles[number],
                      stream,
                      ExpectedEnd.exactly(end),
                      events("by " + number, "also by " + number)));

      AppendResult won = new AppendResult.Appended(end + 2);
      assertThat(results).containsOnlyOnce(won);
      assertThat(results).containsOnly(won, new AppendResult.Conflict(end + 2));
      int winner = results.indexOf(won);
      expected.addAll(List.of("by " + winner, "also by " + winner));
    }

    assertThat(texts(all(store, stream))).isEqualTo(expected);
  }

  @Test
  @Proves("STORE-2")
  void whoeverIsToldOfAConflictAndDecidesAnewOverwritesNobody() throws Exception {
    EventStore store = store();
    int each = 10;

    atOnce(
        WRITERS,
        number -> {
          long end = 0;
          for (int i = 0; i < each; i++) {
            end = appendUponTheEnd(store, end);
          }
          return end;
        });

    List<String> texts = texts(all(store, stream));
    assertThat(texts).hasSize(WRITERS * each);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(texts.get(i)).as("decided upon").isEqualTo("upon " + i);
    }
  }

  private long appendUponTheEnd(EventStore store, long known) throws InterruptedException {
    long end = known;
    while (true) {
      AppendResult result = append(store, stream, ExpectedEnd.exactly(end), events("upon " + end));
      if (result instanceof AppendResult.Appended done) {
        return done.end();
      }
      assertThat(result).isInstanceOf(AppendResult.Conflict.class);
      end = ((AppendResult.Conflict) result).end();
    }
  }
}
