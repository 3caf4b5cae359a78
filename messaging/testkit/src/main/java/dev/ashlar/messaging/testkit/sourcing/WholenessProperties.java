package dev.ashlar.messaging.testkit.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CrashPoints;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the events of an append are stored together or not at all, and stay once answered. */
abstract class WholenessProperties extends ExpectationProperties {

  private static final int APPENDS = 60;

  private final StreamName stream = freshStream();

  @Test
  @Proves("STORE-3")
  void noReaderSeesAPartOfAnAppend() throws Exception {
    EventStore store = store();
    EventStore reader = another(store);
    Background<Boolean> writing =
        Background.start(
            "writer",
            () -> {
              for (int i = 0; i < APPENDS; i++) {
                appended(store, stream, i * 3L, "a", "b", "c");
              }
              return true;
            });

    boolean last = false;
    while (!last) {
      last = writing.isDone();
      EventStore.Slice slice = read(reader, stream, 0);
      assertThat(slice.end() % 3).as("events beyond whole appends").isZero();
      assertThat(slice.events()).hasSize((int) slice.end());
    }
    assertThat(writing.result()).isTrue();
    assertThat(all(reader, stream)).hasSize(APPENDS * 3);
  }

  @Test
  @Proves("STORE-3")
  void anAppendOfWhichOneEventCannotBeStoredStoresNoneOfIt() throws Exception {
    EventStore store = store(StoreOptions.capacity(100).withAppendMaxBytes(1000));
    Event taken = appended(store, stream, 0, "first").get(0);
    Event tooBig = Event.of(event("").id(), "noted", Bytes.owning(new byte[1001]));

    assertThat(append(store, stream, ExpectedEnd.exactly(1), List.of(event("small"), tooBig)))
        .isInstanceOf(AppendResult.Refused.class);
    assertThat(append(store, stream, ExpectedEnd.exactly(1), List.of(event("new"), taken)))
        .isEqualTo(new AppendResult.IdTaken(taken.id(), 1));

    assertThat(all(store, stream)).containsExactly(taken);
  }

  @Test
  @Proves("STORE-3")
  @Proves("STORE-4")
  @Proves("STORE-11")
  void noCrashLeavesAPartAndTheSameAppendAgainMakesItWhole() throws Exception {
    CrashPoints.forEach(Appending::new);
  }

  /** A process that appends twice, and the one that goes on after its death. */
  private final class Appending implements CrashPoints.Run {
    private final String name = freshName();
    private final StreamName own = freshStream();
    private final List<Event> first = events("one", "two", "three");
    private final List<Event> second = events("four", "five");
    private long answered;

    @Override
    public void work(Observer observer) throws Exception {
      appendBoth(handle(name, options(), observer));
    }

    @Override
    public void recover() throws Exception {
      EventStore store = handle(name, options(), Observer.none());
      assertThat(end(store, own))
          .as("events of whole appends")
          .isIn(0L, 3L, 5L)
          .as("events that were answered")
          .isGreaterThanOrEqualTo(answered);
      appendBoth(store);
      assertThat(texts(all(store, own))).containsExactly("one", "two", "three", "four", "five");
    }

    private void appendBoth(EventStore store) throws Exception {
      assertThat(append(store, own, ExpectedEnd.none(), first))
          .isEqualTo(new AppendResult.Appended(3));
      answered = 3;
      assertThat(append(store, own, ExpectedEnd.exactly(3), second))
          .isEqualTo(new AppendResult.Appended(5));
      answered = 5;
    }
  }

  @Test
  @Proves("STORE-8")
  void whatIsTooBigIsRefusedForGoodAndStoresNothing() throws Exception {
    EventStore store = store(StoreOptions.capacity(100).withAppendMaxBytes(10));

    assertRefusedForGood(append(store, stream, ExpectedEnd.none(), events("123456", "12345")));
    assertThat(all(store, stream)).isEmpty();
    appended(store, stream, 0, "12345", "12345");
  }

  @Test
  @Proves("STORE-8")
  void aFullStoreRefusesAndStoresNothing() throws Exception {
    EventStore store = store(StoreOptions.capacity(3));
    List<Event> there = appended(store, stream, 0, "one", "two");

    assertRefusedForGood(append(store, stream, ExpectedEnd.exactly(2), events("three", "four")));
    assertRefusedForGood(append(store, freshStream(), ExpectedEnd.none(), events("a", "b")));

    assertThat(all(store, stream)).isEqualTo(there);
    assertThat(append(store, stream, ExpectedEnd.none(), there))
        .as("a retry needs no room")
        .isEqualTo(new AppendResult.Appended(2));
    appended(store, stream, 2, "three");
  }

  private static void assertRefusedForGood(AppendResult result) {
    assertThat(result)
        .isInstanceOfSatisfying(
            AppendResult.Refused.class,
            refused -> assertThat(refused.advice()).isEqualTo(new Advice.Permanent()));
  }
}
