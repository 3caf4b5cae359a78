package dev.ashlar.messaging.testkit.sourcing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.sourcing.AppendResult;
import dev.ashlar.messaging.sourcing.Event;
import dev.ashlar.messaging.sourcing.EventStore;
import dev.ashlar.messaging.sourcing.ExpectedEnd;
import dev.ashlar.messaging.sourcing.StoreGuarantees.Promise;
import dev.ashlar.messaging.sourcing.StoreOptions;
import dev.ashlar.messaging.sourcing.StreamName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/**
 * What an adapter tells the contract of event stores about itself, and the words in which its tests
 * are written.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @see EventStoreContract
 */
public abstract class EventStoreFixture extends Contract {

  /** An end that no stream of these tests has, so that an append which expects it is told. */
  private static final long NOWHERE = 1_000_000;

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final List<EventStore> opened = new ArrayList<>();
  private Optional<EventStore> main = Optional.empty();

  /** For the contract. */
  EventStoreFixture() {}

  // What an adapter says.

  /**
   * Opens a handle on the store of that name, and makes the store if there is none. Opening a name
   * again is what a restarted process does: another handle on the same streams. A store that lives
   * in one process returns the same object.
   *
   * <p>Asked before any set-up of the subclass, so the engine must be there already.
   *
   * @param name not used by any other test
   * @param options the store's bounds, the same for each handle of a name
   * @param observer to be given to the store
   */
  protected abstract EventStore open(String name, StoreOptions options, Observer observer)
      throws Exception;

  /** Returns the clock that deadlines count by. */
  protected abstract TimeSource time();

  /**
   * Returns how long, in real time, a test waits for what must come before it fails; less only for
   * twins, which are expected to fail.
   */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  /**
   * Opens a handle whose appends are carried out, but whose answers never arrive.
   *
   * <p>An engine behind a connection cuts it after the request was carried out, and so shows what
   * its adapter makes of that. An engine without one keeps this stand-in.
   */
  protected EventStore openLosingAnswers(String name, StoreOptions options) throws Exception {
    return new LosingAnswers(open(name, options, Observer.none()));
  }

  /** Returns the labels of what the subject's store declares. */
  @Override
  protected final Set<String> guarantees() {
    try {
      return store().guarantees().promises().stream()
          .map(Promise::label)
          .collect(Collectors.toSet());
    } catch (Exception e) {
      throw new IllegalStateException("open: failed", e);
    }
  }

  // Stores.

  /** Returns the test's main store, with room for 10,000 events. */
  final EventStore store() throws Exception {
    if (main.isEmpty()) {
      main = Optional.of(store(options()));
    }
    return main.get();
  }

  static StoreOptions options() {
    return StoreOptions.capacity(10_000);
  }

  final EventStore store(StoreOptions options) throws Exception {
    return handle("store-" + IDS.text(), options, Observer.none());
  }

  final EventStore handle(String name, StoreOptions options, Observer observer) throws Exception {
    EventStore store = open(name, options, observer);
    opened.add(store);
    return store;
  }

  /** Returns what another process has that uses the same store. */
  final EventStore another(EventStore store) throws Exception {
    return handle(store.name(), store.options(), Observer.none());
  }

  final EventStore losingAnswers(EventStore store) throws Exception {
    EventStore losing = openLosingAnswers(store.name(), store.options());
    opened.add(losing);
    return losing;
  }

  @AfterEach
  final void closeStores() {
    opened.forEach(EventStore::close);
  }

  // Streams and events.

  static String freshName() {
    return "store-" + IDS.text();
  }

  static StreamName freshStream() {
    return new StreamName("stream-" + IDS.text());
  }

  static Event event(String text) {
    return Event.of(MessageId.next(IDS), "noted", Bytes.utf8(text));
  }

  static List<Event> events(String... texts) {
    return Arrays.stream(texts).map(EventStoreFixture::event).toList();
  }

  final AppendResult append(
      EventStore store, StreamName stream, ExpectedEnd expected, List<Event> events)
      throws InterruptedException {
    return store.append(stream, expected, events, soon());
  }

  /** Appends events that must be stored, and returns them. */
  final List<Event> appended(EventStore store, StreamName stream, long end, String... texts)
      throws InterruptedException {
    List<Event> events = events(texts);
    assertThat(append(store, stream, ExpectedEnd.exactly(end), events))
        .isEqualTo(new AppendResult.Appended(end + events.size()));
    return events;
  }

  /** Returns where a stream ends, as the one sees it that decides: a conflict tells. */
  final long end(EventStore store, StreamName stream) throws InterruptedException {
    AppendResult result = append(store, stream, ExpectedEnd.exactly(NOWHERE), events("probe"));
    assertThat(result).isInstanceOf(AppendResult.Conflict.class);
    return ((AppendResult.Conflict) result).end();
  }

  /** Returns the events of a stream once all of them can be read, and sees to their positions. */
  final List<Event> all(EventStore store, StreamName stream) throws Exception {
    long end = end(store, stream);
    EventStore.Slice slice =
        Eventually.value(
            "the stream's end",
            patience(),
            () -> Optional.of(read(store, stream, 0)).filter(read -> read.end() >= end));
    assertThat(slice.end()).isEqualTo(end);
    assertThat(slice.events()).hasSize((int) end);
    for (int i = 0; i < end; i++) {
      assertThat(slice.events().get(i).position()).isEqualTo(i + 1);
    }
    return slice.events().stream().map(EventStore.Recorded::event).toList();
  }

  final EventStore.Slice read(EventStore store, StreamName stream, long after)
      throws InterruptedException {
    return store.read(stream, after, EventStore.READ_MAX, soon());
  }

  static List<String> texts(List<Event> events) {
    return events.stream().map(event -> event.payload().toUtf8()).toList();
  }

  final Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time());
  }

  /** Runs the same thing in several threads at once, and returns what each of them answered. */
  final <T> List<T> atOnce(int threads, Task<T> task) throws Exception {
    List<Background<T>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      running.add(Background.start("writer", () -> task.run(number)));
    }
    List<T> results = new ArrayList<>();
    for (Background<T> each : running) {
      Eventually.holds("the end of a writer", patience(), each::isDone);
      results.add(each.result());
    }
    return results;
  }

  /**
   * What one of several threads does.
   *
   * @param <T> what it answers
   */
  @FunctionalInterface
  interface Task<T> {

    /** Does it. */
    T run(int number) throws Exception;
  }
}
