package dev.ashlar.messaging.testkit.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That what was appended is what is read, and what an observer is told of it. */
abstract class ReadingProperties extends RetryProperties {

  private final StreamName stream = freshStream();
  private final AppendObserver observer = new AppendObserver();

  @Test
  @Proves("STORE-7")
  void eventsAreReadInOrderAndWithoutGapsFromAnyPosition() throws Exception {
    EventStore store = store();
    List<Event> there = appended(store, stream, 0, "a", "b", "c", "d", "e");
    assertThat(all(store, stream)).isEqualTo(there);

    for (int after = 0; after <= 5; after++) {
      EventStore.Slice tail = read(store, stream, after);
      assertThat(events(tail)).isEqualTo(there.subList(after, 5));
      assertThat(tail.end()).isEqualTo(5);
    }
    EventStore.Slice beyond = read(store, stream, 17);
    assertThat(beyond.events()).isEmpty();
    assertThat(beyond.end()).isEqualTo(5);
  }

  @Test
  @Proves("STORE-7")
  void aReadBringsNoMoreThanItIsAskedForAndTheNextOneGoesOn() throws Exception {
    EventStore store = store();
    List<Event> there = appended(store, stream, 0, "a", "b", "c", "d", "e");
    assertThat(all(store, stream)).isEqualTo(there);

    List<Event> read = new ArrayList<>();
    EventStore.Slice slice = store.read(stream, 0, 2, soon());
    while (!slice.events().isEmpty()) {
      assertThat(slice.events()).hasSizeLessThanOrEqualTo(2);
      assertThat(slice.end()).isEqualTo(5);
      read.addAll(events(slice));
      slice = store.read(stream, read.size(), 2, soon());
    }

    assertThat(read).isEqualTo(there);
  }

  @Test
  @Proves("STORE-7")
  void whatIsReadIsWhatWasAppendedAndStreamsAreApart() throws Exception {
    EventStore store = store();
    byte[] anything = new byte[256];
    for (int i = 0; i < anything.length; i++) {
      anything[i] = (byte) i;
    }
    Headers headers =
        Headers.of("Empty", "").plus("Twice", "one").plus("Twice", "zw\u00f6lf \u6771");
    Event odd = new Event(event("").id(), "a.b_c-1", headers, Bytes.owning(anything));
    Event empty = Event.of(event("").id(), "X", Bytes.empty());
    StreamName other = freshStream();

    assertThat(append(store, stream, ExpectedEnd.none(), List.of(odd, empty)))
        .isEqualTo(new AppendResult.Appended(2));
    List<Event> others = appended(store, other, 0, "other");

    assertThat(all(another(store), stream)).containsExactly(odd, empty);
    assertThat(all(store, other)).isEqualTo(others);
    assertThat(all(store, freshStream())).isEmpty();
  }

  private static List<Event> events(EventStore.Slice slice) {
    return slice.events().stream().map(Recorded::event).toList();
  }

  @Test
  @Proves("STORE-9")
  void anAppendIsHandedOverOnceAndItsEventsArriveWithContextAndObserversHeaders() throws Exception {
    EventStore store = handle(freshName(), options(), observer);
    CallContext request = CallContext.root(IdSource.system(), soon(), "test");
    Event one = event("one").withHeaders(Headers.of("Own", "kept"));
    Event two = event("two");

    request.call(() -> append(store, stream, ExpectedEnd.none(), List.of(one, two)));

    assertThat(all(store, stream))
        .containsExactly(
            one.withHeaders(request.storedInto(one.headers()).with(AppendObserver.MARK, "1")),
            two.withHeaders(request.storedInto(Headers.empty()).with(AppendObserver.MARK, "1")));
    assertThat(observer.endings().get(0)).isEqualTo("PRODUCER " + store.name() + " ok");
  }

  @Test
  @Proves("STORE-9")
  void whatWasHandedOverBeforeIsStoredAsItIs() throws Exception {
    EventStore store = handle(freshName(), options(), observer);
    CallContext before = CallContext.root(IdSource.system(), soon(), "before");
    CallContext request = CallContext.root(IdSource.system(), soon(), "test");
    Event stored = event("one").withHeaders(before.storedInto(Headers.empty()));

    request.call(() -> append(store, stream, ExpectedEnd.none(), List.of(stored)));

    assertThat(observer.endings()).isEmpty();
    assertThat(all(store, stream)).containsExactly(stored);
  }

  @Test
  @Proves("STORE-9")
  void anAppendSaysHowItEnded() throws Exception {
    EventStore store = handle(freshName(), options(), observer);
    List<Event> events = appended(store, stream, 0, "one");

    append(store, stream, ExpectedEnd.none(), events("late"));
    append(store, stream, ExpectedEnd.exactly(1), events);

    String appending = "PRODUCER " + store.name() + " ";
    assertThat(observer.endings())
        .containsExactly(appending + "ok", appending + "conflict", appending + "id-taken");
  }

  @Test
  @Proves(value = "STORE-10", guarantee = "fresh-reads")
  void aReadThatBeginsAfterAnAppendWasAnsweredSeesIt() throws Exception {
    EventStore store = store();
    EventStore other = another(store);

    for (int i = 0; i < 50; i++) {
      appended(store, stream, i, "event " + i);
      assertThat(read(other, stream, i).end()).isEqualTo(i + 1);
      assertThat(read(other, stream, i).events()).hasSize(1);
    }
  }
}
