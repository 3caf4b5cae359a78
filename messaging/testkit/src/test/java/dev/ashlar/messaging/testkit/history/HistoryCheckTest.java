package dev.ashlar.messaging.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.testkit.history.Event.Answer;
import dev.ashlar.messaging.testkit.history.Event.Settled;
import dev.ashlar.messaging.testkit.history.Verdict.Anomaly;
import dev.ashlar.messaging.testkit.history.Verdict.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** One broken history for each anomaly, its correct neighbours, and correct ones by chance. */
class HistoryCheckTest {

  private static final Place FIRST = Place.of("p", 10);
  private static final Place SECOND = Place.of("p", 20);
  private static final Place THIRD = Place.of("p", 30);

  // Queues.

  @Test
  void aConfirmedMessageThatNeverCameIsLost() {
    Event sent = send(1, 2, "a", "k", Answer.CONFIRMED);

    assertThat(drained(sent)).containsExactly(new Finding(Anomaly.LOST, List.of(sent)));
    assertThat(HistoryCheck.ofUnfinished(List.of(sent)).findings()).isEmpty();
    assertThat(drained(send(1, 2, "a", "k", Answer.UNKNOWN))).isEmpty();
    assertThat(drained(send(1, 2, "a", "k", Answer.REFUSED))).isEmpty();
  }

  @Test
  void aMessageThatWasGivenBackAndNeverCameAgainIsLost() {
    Event sent = send(1, 2, "a", "k", Answer.CONFIRMED);
    Event came = deliver(3, 4, "a", 1);
    Event back = settle(5, 6, "a", Settled.BACK);

    assertThat(drained(sent, came, back))
        .containsExactly(new Finding(Anomaly.LOST, List.of(sent, came, back)));
    assertThat(drained(sent, came, settle(5, 6, "a", Settled.UNKNOWN))).isEmpty();
    assertThat(drained(sent, came, settle(5, 6, "a", Settled.DEAD))).isEmpty();
    assertThat(
            drained(sent, came, settle(5, 6, "a", Settled.DEAD), deliver(7, 8, "a", 2))
                .get(0)
                .anomaly())
        .as("redriven, and gone")
        .isEqualTo(Anomaly.LOST);
  }

  @Test
  void aMessageThatComesAfterItWasDoneIsADuplicate() {
    Event sent = send(1, 2, "a", "k", Answer.CONFIRMED);
    Event came = deliver(3, 4, "a", 1);
    Event done = settle(5, 6, "a", Settled.DONE);
    Event again = deliver(7, 8, "a", 2);

    assertThat(drained(sent, came, done, again))
        .containsExactly(new Finding(Anomaly.DUPLICATED_AFTER_DONE, List.of(done, again)));
    assertThat(drained(sent, came, done, deliver(5, 7, "a", 2))).as("overlapping").isEmpty();
    assertThat(drained(sent, came, settle(5, 6, "a", Settled.STALE), again)).hasSize(1);
  }

  @Test
  void aMessageThatWasSentTwiceMayBeDoneTwice() {
    List<Event> twice =
        List.of(
            send(1, 2, "a", "k", Answer.UNKNOWN),
            send(3, 4, "a", "k", Answer.CONFIRMED),
            deliver(5, 6, "a", 1),
            settle(7, 8, "a", Settled.DONE),
            deliver(9, 10, "a", 1),
            settle(11, 12, "a", Settled.DONE));

    assertThat(HistoryCheck.ofDrained(twice).findings()).isEmpty();
    List<Event> thrice = new ArrayList<>(twice);
    thrice.add(deliver(13, 14, "a", 1));
    assertThat(HistoryCheck.ofDrained(thrice).findings())
        .containsExactly(
            new Finding(Anomaly.DUPLICATED_AFTER_DONE, List.of(twice.get(5), thrice.get(6))));
  }

  @Test
  void aMessageThatOvertookAnEarlierOneOfItsKeyIsReordered() {
    Event a = send(1, 2, "a", "k", Answer.CONFIRMED);
    Event b = send(3, 4, "b", "k", Answer.CONFIRMED);
    Event bCame = deliver(5, 6, "b", 1);
    Event aCame = deliver(7, 8, "a", 1);

    assertThat(HistoryCheck.ofUnfinished(List.of(a, b, bCame, aCame)).findings())
        .containsExactly(new Finding(Anomaly.REORDERED_IN_KEY, List.of(a, b, bCame, aCame)));
    assertThat(unfinished(a, send(3, 4, "b", "other", Answer.CONFIRMED), bCame, aCame)).isEmpty();
    assertThat(unfinished(send(1, 4, "a", "k", Answer.CONFIRMED), b, bCame, aCame))
        .as("sent at the same time")
        .isEmpty();
    assertThat(unfinished(a, b, bCame, deliver(5, 8, "a", 1))).as("came together").isEmpty();
  }

  @Test
  void ofManyThatOvertookOneIsNamedForEachThatWasOvertaken() {
    List<Event> events = new ArrayList<>();
    for (long i = 0; i < 5; i++) {
      events.add(send(2 * i, 2 * i + 1, "m" + i, "k", Answer.CONFIRMED));
      events.add(deliver(100 - 2 * i, 101 - 2 * i, "m" + i, 1));
    }

    assertThat(HistoryCheck.ofUnfinished(events).findings())
        .hasSize(4)
        .allMatch(finding -> finding.anomaly() == Anomaly.REORDERED_IN_KEY);
  }

  // Logs.

  @Test
  void aRecordThatAGroupPassedOverIsSkipped() {
    List<Event> events =
        List.of(append(1, 2, FIRST, "a"), append(3, 4, SECOND, "b"), append(5, 6, THIRD, "c"));
    Event first = read(7, 8, FIRST, "a");
    Event third = read(9, 10, THIRD, "c");

    assertThat(drained(with(events, first, third)))
        .containsExactly(new Finding(Anomaly.SKIPPED_POSITION, List.of(events.get(1), first)));
    assertThat(unfinished(with(events, first, third))).as("it may still come").isEmpty();
    Event commit = commit(13, 14, THIRD);
    assertThat(unfinished(with(events, first, third, finish(11, 12, FIRST), commit)))
        .contains(new Finding(Anomaly.SKIPPED_POSITION, List.of(events.get(1), commit)));
    assertThat(drained(with(events, third))).as("started behind them").isEmpty();
  }

  @Test
  void onePlaceWithTwoContentsIsDivergent() {
    Event written = append(1, 2, FIRST, "a");
    Event seen = read(3, 4, FIRST, "b");

    assertThat(drained(written, seen))
        .containsExactly(new Finding(Anomaly.DIVERGENT_CONTENT, List.of(written, seen)));
    assertThat(drained(written, read(3, 4, FIRST, "a"))).isEmpty();
  }

  @Test
  void aCommitPastAnUnfinishedRecordIsFound() {
    Event first = read(1, 2, FIRST, "a");
    Event second = read(3, 4, SECOND, "b");
    Event commit = commit(7, 10, SECOND);

    assertThat(drained(first, second, finish(5, 6, SECOND), commit))
        .containsExactly(new Finding(Anomaly.COMMITTED_BEYOND_UNFINISHED, List.of(first, commit)));
    assertThat(drained(first, second, finish(5, 6, SECOND), finish(8, 9, FIRST), commit))
        .as("finished while the commit was under way")
        .isEmpty();
    assertThat(drained(first, second, finish(5, 6, FIRST), commit(7, 8, FIRST))).isEmpty();
  }

  // Correct histories.

  @Test
  void correctHistoriesOfQueuesHaveNoFindings() throws Exception {
    Seeds.check(50, (seed, random) -> assertThat(correctQueue(seed, random)).isEmpty());
  }

  /** Messages of a few keys, one in flight for each key; the spans are stretched at random. */
  private static List<Finding> correctQueue(long seed, RandomGenerator random) {
    List<Event> events = new ArrayList<>();
    List<Integer> waiting = new ArrayList<>();
    int sent = 0;
    long moment = 0;
    while (sent < 200 || !waiting.isEmpty()) {
      moment += 10;
      if (sent < 200 && (waiting.isEmpty() || random.nextBoolean())) {
        waiting.add(sent);
        events.add(send(early(moment, random), moment + 1, "m" + sent, key(sent), confirmed()));
        sent++;
      } else {
        int number = waiting.get(0);
        events.add(deliver(early(moment, random), moment + 1, "m" + number, 1));
        Settled how = random.nextInt(4) == 0 ? Settled.BACK : Settled.DONE;
        events.add(settle(moment + 2, moment + 3 + random.nextInt(5), "m" + number, how));
        if (how == Settled.DONE) {
          waiting.remove(0);
        }
      }
    }
    Collections.shuffle(events, new Random(seed));
    return HistoryCheck.ofDrained(events).findings();
  }

  private static Answer confirmed() {
    return Answer.CONFIRMED;
  }

  private static String key(int number) {
    return "k" + number % 3;
  }

  /** A call may have begun long before it had its effect. */
  private static long early(long moment, RandomGenerator random) {
    return moment - random.nextInt(9);
  }

  @Test
  void correctHistoriesOfLogsHaveNoFindings() throws Exception {
    Seeds.check(50, (seed, random) -> assertThat(correctLog(seed, random)).isEmpty());
  }

  private static List<Finding> correctLog(long seed, RandomGenerator random) {
    List<Event> events = new ArrayList<>();
    long moment = 0;
    for (int i = 0; i < 100; i++) {
      // Positions with gaps, read in order, finished a little later, committed after that.
      Place place = Place.of("p", 7L * i);
      moment += 10;
      events.add(append(early(moment, random), moment + 1, place, "c" + i));
      events.add(read(moment + 2, moment + 3 + random.nextInt(3), place, "c" + i));
      events.add(finish(moment + 6, moment + 6, place));
      if (random.nextBoolean()) {
        events.add(commit(moment + 7, moment + 7 + random.nextInt(10), place));
      }
    }
    Collections.shuffle(events, new Random(seed));
    return HistoryCheck.ofDrained(events).findings();
  }

  @Test
  void aFullHistoryRefusesMore() {
    History history = History.ofAtMost(1);
    history.add(history.begin(), span -> new Event.Deliver(span, id("a"), 1));

    assertThatThrownBy(
            () -> history.add(history.begin(), span -> new Event.Deliver(span, id("a"), 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("history: full (expected: fewer than 1 events)");
  }

  private static List<Finding> drained(Event... events) {
    return HistoryCheck.ofDrained(List.of(events)).findings();
  }

  private static List<Finding> unfinished(Event... events) {
    return HistoryCheck.ofUnfinished(List.of(events)).findings();
  }

  private static Event[] with(List<Event> events, Event... more) {
    List<Event> all = new ArrayList<>(events);
    all.addAll(List.of(more));
    return all.toArray(new Event[0]);
  }

  private static MessageId id(String text) {
    return new MessageId(text);
  }

  private static Event send(long began, long ended, String id, String key, Answer answer) {
    return new Event.Send(new Span(began, ended), id(id), Optional.of(key), answer);
  }

  private static Event deliver(long began, long ended, String id, int attempt) {
    return new Event.Deliver(new Span(began, ended), id(id), attempt);
  }

  private static Event settle(long began, long ended, String id, Settled how) {
    return new Event.Settle(new Span(began, ended), id(id), how);
  }

  private static Event append(long began, long ended, Place place, String content) {
    return new Event.Append(
        new Span(began, ended), Optional.of(place), Bytes.utf8(content), Answer.CONFIRMED);
  }

  private static Event read(long began, long ended, Place place, String content) {
    return new Event.Read(new Span(began, ended), "g", place, Bytes.utf8(content));
  }

  private static Event finish(long began, long ended, Place place) {
    return new Event.Finish(new Span(began, ended), "g", place);
  }

  private static Event commit(long began, long ended, Place place) {
    return new Event.Commit(new Span(began, ended), "g", place);
  }
}
