package dev.ashlar.messaging.testkit.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Headers;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the same append again is recognised, and nothing else is taken for it. */
abstract class RetryProperties extends WholenessProperties {

  private final StreamName stream = freshStream();

  @Test
  @Proves("STORE-4")
  void theSameAppendAgainAnswersWhatTheFirstOneDidAlsoWhenOthersHaveAppendedSince()
      throws Exception {
    EventStore store = store();
    appended(store, stream, 0, "before");
    List<Event> events = appended(store, stream, 1, "one", "two");

    assertThat(append(store, stream, ExpectedEnd.exactly(1), events))
        .isEqualTo(new AppendResult.Appended(3));
    appended(store, stream, 3, "since");
    assertThat(append(another(store), stream, ExpectedEnd.exactly(1), events))
        .isEqualTo(new AppendResult.Appended(3));

    assertThat(texts(all(store, stream))).containsExactly("before", "one", "two", "since");
  }

  @Test
  @Proves("STORE-4")
  void aRetryWithoutExpectationIsRecognisedToo() throws Exception {
    EventStore store = store();
    List<Event> events = events("one", "two");
    assertThat(append(store, stream, ExpectedEnd.any(), events))
        .isEqualTo(new AppendResult.Appended(2));
    appended(store, stream, 2, "since");

    assertThat(append(store, stream, ExpectedEnd.any(), events))
        .isEqualTo(new AppendResult.Appended(2));

    assertThat(texts(all(store, stream))).containsExactly("one", "two", "since");
  }

  @Test
  @Proves("STORE-4")
  void aLostAnswerIsUnknownAndTheSameAppendAgainTells() throws Exception {
    EventStore store = store();
    List<Event> events = events("one", "two");

    assertThat(append(losingAnswers(store), stream, ExpectedEnd.none(), events))
        .isInstanceOf(AppendResult.Unknown.class);

    assertThat(append(store, stream, ExpectedEnd.none(), events))
        .isEqualTo(new AppendResult.Appended(2));
    assertThat(all(store, stream)).isEqualTo(events);
  }

  @Test
  @Proves("STORE-4")
  void theSameAppendAtTheSameTimeIsStoredOnce() throws Exception {
    EventStore store = store();
    EventStore other = another(store);

    for (int round = 0; round < 20; round++) {
      long end = round * 2L;
      List<Event> events = events("one", "two");
      List<AppendResult> results =
          atOnce(
              2,
              number ->
                  append(number == 0 ? store : other, stream, ExpectedEnd.exactly(end), events));

      assertThat(results).containsOnly(new AppendResult.Appended(end + 2));
    }

    assertThat(all(store, stream)).hasSize(40);
  }

  @Test
  @Proves("STORE-4")
  void theSameIdsWithOtherContentAreAnsweredAsTakenAndStoreNothing() throws Exception {
    EventStore store = store();
    List<Event> there = appended(store, stream, 0, "one", "two");
    Event one = there.get(0);
    Event two = there.get(1);
    Event otherPayload = Event.of(two.id(), two.type(), Bytes.utf8("three"));
    Event otherType = Event.of(two.id(), "denied", two.payload());

    for (ExpectedEnd expected : List.of(ExpectedEnd.none(), ExpectedEnd.any())) {
      assertTaken(store, expected, one, otherPayload);
      assertTaken(store, expected, one, otherType);
      assertTaken(store, expected, two, one);
      assertTaken(store, expected, one, two, event("more"));
      assertTaken(store, expected, event("more"), one);
    }

    assertThat(all(store, stream)).isEqualTo(there);
  }

  @Test
  @Proves("STORE-4")
  void theSameEventsUponAnotherEndAreAnsweredAsTaken() throws Exception {
    EventStore store = store();
    List<Event> there = appended(store, stream, 0, "one", "two");

    for (long end = 1; end <= 3; end++) {
      assertTaken(store, ExpectedEnd.exactly(end), there.get(0), there.get(1));
    }

    assertThat(all(store, stream)).isEqualTo(there);
  }

  private void assertTaken(EventStore store, ExpectedEnd expected, Event... events)
      throws InterruptedException {
    assertThat(append(store, stream, expected, List.of(events)))
        .isInstanceOf(AppendResult.IdTaken.class);
  }

  @Test
  @Proves("STORE-4")
  void aRetryFromAnotherCallMayHaveOtherHeadersAndTheFirstOnesStay() throws Exception {
    EventStore store = store();
    Event event = event("one").withHeaders(Headers.of("Try", "first"));
    List<Event> again = List.of(event.withHeaders(Headers.of("Try", "second")));
    assertThat(append(store, stream, ExpectedEnd.none(), List.of(event)))
        .isEqualTo(new AppendResult.Appended(1));

    assertThat(append(store, stream, ExpectedEnd.none(), again))
        .isEqualTo(new AppendResult.Appended(1));

    assertThat(all(store, stream)).containsExactly(event);
  }

  @Test
  @Proves("STORE-4")
  void anIdNamesAnEventWithinItsStreamOnly() throws Exception {
    EventStore store = store();
    List<Event> events = appended(store, stream, 0, "one");
    StreamName other = freshStream();

    assertThat(append(store, other, ExpectedEnd.none(), events))
        .isEqualTo(new AppendResult.Appended(1));

    assertThat(all(store, stream)).isEqualTo(events);
    assertThat(all(store, other)).isEqualTo(events);
  }
}
