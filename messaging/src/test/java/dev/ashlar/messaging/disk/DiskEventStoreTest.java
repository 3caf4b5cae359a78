package dev.ashlar.messaging.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.PauseAt;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.journal.DiskException;
import dev.ashlar.messaging.journal.DiskOptions;
import dev.ashlar.messaging.journal.Durability;
import dev.ashlar.messaging.journal.Journal;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import dev.ashlar.messaging.topic.SubscriptionOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the event store on disk does beyond the contract. */
class DiskEventStoreTest {

  private static final StreamName STREAM = new StreamName("s");

  private final List<EventStore> opened = new ArrayList<>();

  @TempDir Path folder;

  private EventStore open(Observer observer, StoreKey.Hash hash) {
    EventStore store =
        DiskEventStore.open(
            "store",
            StoreOptions.capacity(1_000_000).withAppendMaxBytes(4 << 20),
            DiskOptions.folder(folder).withDurability(Durability.OS),
            new DiskEventStore.Surroundings(TimeSource.system(), observer, hash, Journal::open));
    opened.add(store);
    return store;
  }

  private EventStore open() {
    return open(Observer.none(), StoreKey::of);
  }

  @AfterEach
  void close() {
    opened.forEach(EventStore::close);
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TimeSource.system());
  }

  private static Event event(String id, int bytes) {
    return Event.of(new MessageId(id), "noted", Bytes.owning(new byte[bytes]));
  }

  private static AppendResult append(EventStore store, String stream, Event... events)
      throws InterruptedException {
    return store.append(new StreamName(stream), ExpectedEnd.any(), List.of(events), soon());
  }

  @Test
  void aReadThatWouldNotFitIntoMemoryBringsAPartAndTheNextOneGoesOn() throws Exception {
    EventStore store = open();
    for (int i = 0; i < 12; i++) {
      append(store, "s", event("e" + i, 3 << 20));
    }

    List<Long> positions = new ArrayList<>();
    EventStore.Slice slice = store.read(STREAM, 0, 1000, soon());
    while (!slice.events().isEmpty()) {
      long bytes = slice.events().stream().mapToLong(e -> e.event().payload().size()).sum();
      assertThat(bytes).isBetween(1L, 20L << 20);
      assertThat(slice.end()).isEqualTo(12);
      slice.events().forEach(each -> positions.add(each.position()));
      slice = store.read(STREAM, positions.size(), 1000, soon());
    }

    assertThat(positions).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
  }

  /** Streams in turns, so that no two events of one stand side by side. */
  @Test
  void streamsThatAreMixedAreReadFromAnywhereAlsoAfterARestart() throws Exception {
    int streams = 37;
    int each = 300;
    EventStore store = open();
    for (int i = 0; i < each; i++) {
      for (int s = 0; s < streams; s++) {
        append(store, "s" + s, event("e" + i, s));
      }
    }
    for (int round = 0; round < 2; round++) {
      for (int after : new int[] {0, 1, 63, 64, 65, 128, 255, 256, 298, 299, 300}) {
        EventStore.Slice slice = store.read(new StreamName("s7"), after, 100, soon());
        assertThat(slice.events()).hasSize(Math.min(100, each - after));
        assertThat(slice.events())
            .allSatisfy(e -> assertThat(e.event()).isEqualTo(event("e" + (e.position() - 1), 7)));
      }
      store.close();
      store = open();
      assertThat(append(store, "s7", event("e3", 7))).isEqualTo(new AppendResult.Appended(4));
    }
  }

  @Test
  void aNameWhoseKeyAnotherStreamHasIsRefusedAndHarmsNobody() throws Exception {
    StoreKey.Hash bad = text -> new StoreKey(text.startsWith("s") ? 1 : text.hashCode(), 0);
    EventStore store = open(Observer.none(), bad);
    assertThat(append(store, "s1", event("a", 1))).isEqualTo(new AppendResult.Appended(1));
    assertThat(append(store, "other", event("a", 1))).isEqualTo(new AppendResult.Appended(1));

    assertThat(append(store, "s2", event("b", 1)))
        .isInstanceOfSatisfying(
            AppendResult.Refused.class,
            refused -> assertThat(refused.advice()).isEqualTo(new Advice.Permanent()));

    assertThat(store.read(new StreamName("s2"), 0, 10, soon()).events()).isEmpty();
    assertThat(store.read(new StreamName("s1"), 0, 10, soon()).events()).hasSize(1);
    assertThat(append(store, "s1", event("c", 1))).isEqualTo(new AppendResult.Appended(2));
  }

  @Test
  void anIdWhoseKeyAnotherEventHasIsAnsweredAsTaken() throws Exception {
    StoreKey.Hash bad = text -> new StoreKey(text.startsWith("e") ? 1 : text.hashCode(), 0);
    EventStore store = open(Observer.none(), bad);
    append(store, "s", event("e1", 1));

    assertThat(append(store, "s", event("e2", 1))).isInstanceOf(AppendResult.IdTaken.class);

    assertThat(store.read(STREAM, 0, 10, soon()).end()).isEqualTo(1);
    assertThat(append(store, "s", event("x", 1))).isEqualTo(new AppendResult.Appended(2));
  }

  @Test
  void anAppendThatItsHeadersMakeTooBigIsRefusedForGood() throws Exception {
    EventStore store =
        DiskEventStore.open(
            "store",
            StoreOptions.capacity(100).withAppendMaxBytes(1000),
            DiskOptions.folder(folder).withSegmentBytes(64 << 10),
            TimeSource.system(),
            Observer.none());
    opened.add(store);
    Headers headers = Headers.empty();
    for (int i = 0; i < 4; i++) {
      headers = headers.plus("Long-" + i, "x".repeat(3000));
    }

    assertThat(append(store, "s", event("a", 1).withHeaders(headers)))
        .isEqualTo(new AppendResult.Appended(1));
    assertThat(
            append(
                store, "s", event("b", 1).withHeaders(headers), event("c", 1).withHeaders(headers)))
        .isInstanceOfSatisfying(
            AppendResult.Refused.class,
            refused -> assertThat(refused.why()).contains("with its headers (expected: at most "));
    assertThat(store.read(STREAM, 0, 10, soon()).end()).isEqualTo(1);
  }

  @Test
  void whatCannotFitIsToldOnOpening() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DiskEventStore.open(
                    "store",
                    StoreOptions.capacity(1),
                    DiskOptions.folder(folder).withSegmentBytes(1 << 20),
                    TimeSource.system(),
                    Observer.none()))
        .withMessageStartingWith("appendMaxBytes: 1048576 (expected: at most ");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                DiskEventStore.open(
                    "no name",
                    StoreOptions.capacity(1),
                    DiskOptions.folder(folder),
                    TimeSource.system(),
                    Observer.none()))
        .withMessageStartingWith("name: 7 characters");
  }

  @Test
  void aSecondOwnerAndAClosedStoreAreTold() throws Exception {
    EventStore store = open();
    assertThatExceptionOfType(DiskException.class)
        .isThrownBy(this::open)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(DiskException.Reason.IN_USE));
    store.close();
    store.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> append(store, "s", event("a", 1)))
        .withMessage("store store: closed (expected: open)");
    assertThatIllegalStateException()
        .isThrownBy(() -> store.read(STREAM, 0, 1, soon()))
        .withMessage("store store: closed (expected: open)");
  }

  @Test
  void aFolderOfAnotherEngineIsTold() throws Exception {
    DiskSubscriptions registry =
        DiskSubscriptions.open(DiskOptions.folder(folder), ManualTime.create(), Observer.none());
    registry.add(
        "one",
        SubscriptionOptions.durable(),
        Deadline.after(Duration.ofMinutes(1), ManualTime.create()));
    registry.close();

    assertThatIllegalStateException().isThrownBy(this::open).withMessageContaining("another kind");
  }

  @Test
  void theObserverIsToldOfWhatIsNotStored() throws Exception {
    CountingObserver observer = new CountingObserver();
    EventStore store = open(observer, StoreKey::of);
    append(store, "s", event("a", 1));
    append(store, "s", event("a", 1));
    append(store, "s", event("a", 2));
    store.append(STREAM, ExpectedEnd.none(), List.of(event("b", 1)), soon());

    assertThat(observer.count("store.retried")).isEqualTo(1);
    assertThat(observer.count("store.id-taken")).isEqualTo(1);
    assertThat(observer.count("store.conflict")).isEqualTo(1);
  }

  /** An append that is on its way is no answer to anybody before it is acknowledged. */
  @Test
  void nobodyIsToldOfAnAppendThatIsOnItsWay() throws Exception {
    PauseAt pause = PauseAt.named("journal.batch.written");
    EventStore store = open(pause, StoreKey::of);
    Background<AppendResult> first =
        Background.start("first", () -> append(store, "s", event("a", 1)));
    pause.awaitArrival(Duration.ofSeconds(20));

    assertThat(store.read(STREAM, 0, 10, soon()).end()).isZero();
    Deadline little = Deadline.after(Duration.ofMillis(50), TimeSource.system());
    assertThat(store.append(STREAM, ExpectedEnd.none(), List.of(event("b", 1)), little))
        .as("a conflict with what may not come to be")
        .isInstanceOf(AppendResult.Refused.class);
    assertThat(store.append(STREAM, ExpectedEnd.none(), List.of(event("a", 1)), little))
        .as("a retry of what may not come to be")
        .isInstanceOf(AppendResult.Unknown.class);

    pause.release();
    Eventually.holds("the end", Duration.ofSeconds(20), first::isDone);
    assertThat(first.result()).isEqualTo(new AppendResult.Appended(1));
    assertThat(append(store, "s", event("a", 1))).isEqualTo(new AppendResult.Appended(1));
  }
}
