package dev.ashlar.messaging.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Guarantees.Survival;
import dev.ashlar.messaging.MessageId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An event store in the memory of one process: the executable specification of {@link EventStore},
 * and an engine for tests.
 *
 * <p><b>Guarantees.</b> The contract, and fresh reads.
 *
 * <p><b>Not guaranteed.</b> Anything beyond the process: its streams die with it.
 *
 * <p><b>Failures.</b> {@link IllegalStateException} once it is closed. No append is unknown.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@link StoreOptions}.
 *
 * <pre>{@code
 * EventStore store =
 *     MemoryEventStore.of(
 *         "orders", StoreOptions.capacity(10_000), TimeSource.system(), Observer.none());
 * AppendResult result =
 *     store.append(new StreamName("order-7"), ExpectedEnd.none(), List.of(placed), deadline);
 * }</pre>
 */
public final class MemoryEventStore implements EventStore {

  private final String name;
  private final StoreOptions options;
  private final TimeSource time;
  private final Observer observer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<StreamName, Stream> streams = new HashMap<>();
  private long stored;
  private boolean closed;

  private MemoryEventStore(String name, StoreOptions options, TimeSource time, Observer observer) {
    this.name = name;
    this.options = requireNonNull(options, "options");
    this.time = requireNonNull(time, "time");
    this.observer = requireNonNull(observer, "observer");
  }

  /**
   * Returns an empty store.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param options its bounds
   * @param time its clocks
   * @param observer is told {@code store.conflict}, {@code store.id-taken}, {@code store.retried},
   *     {@code store.full}, each append handed over, and the steps {@code store.judged} and {@code
   *     store.appended}
   */
  public static MemoryEventStore of(
      String name, StoreOptions options, TimeSource time, Observer observer) {
    if (!IdSource.isWellFormed(name)) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    return new MemoryEventStore(name, options, time, observer);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public StoreOptions options() {
    return options;
  }

  @Override
  public StoreGuarantees guarantees() {
    return new StoreGuarantees(
        Set.of(StoreGuarantees.Promise.FRESH_READS), Survival.PROCESS_LIFETIME);
  }

  @Override
  public AppendResult append(Append append, Deadline deadline) throws InterruptedException {
    requireNonNull(deadline, "deadline");
    return append.handOver(name, observer, this::store);
  }

  private AppendResult store(Append append) throws InterruptedException {
    if (append.payloadBytes() > options.appendMaxBytes()) {
      return refused(
          "payloads: " + append.payloadBytes() + " bytes", "" + options.appendMaxBytes());
    }
    lock.lockInterruptibly();
    try {
      checkOpen();
      Stream stream = streams.getOrDefault(append.stream(), new Stream());
      Optional<AppendResult> answer = append.judge(stream.end(), stream.standing(append));
      observer.step("store.judged");
      return answer.isPresent() ? counted(answer.get()) : storeBehind(stream, append);
    } finally {
      lock.unlock();
    }
  }

  private AppendResult storeBehind(Stream stream, Append append) {
    if (stored + append.events().size() > options.capacity()) {
      observer.count("store.full", 1);
      return refused("store " + name + ": full", "" + options.capacity());
    }
    stored += append.events().size();
    stream.add(append.events(), time.wallTime());
    streams.put(append.stream(), stream);
    observer.step("store.appended");
    return new AppendResult.Appended(stream.end());
  }

  /** Nothing here ever makes room, so no other try can help. */
  private static AppendResult refused(String what, String most) {
    return new AppendResult.Refused(
        new Advice.Permanent(), what + " (expected: at most " + most + ")");
  }

  private AppendResult counted(AppendResult answer) {
    if (answer instanceof AppendResult.Conflict) {
      observer.count("store.conflict", 1);
    } else if (answer instanceof AppendResult.IdTaken) {
      observer.count("store.id-taken", 1);
    } else {
      observer.count("store.retried", 1);
    }
    return answer;
  }

  @Override
  public Slice read(StreamName stream, long after, int most, Deadline deadline)
      throws InterruptedException {
    if (after < 0) {
      throw new IllegalArgumentException("after: " + after + " (expected: >= 0)");
    }
    if (most < 1 || most > READ_MAX) {
      throw new IllegalArgumentException("most: " + most + " (expected: 1 to " + READ_MAX + ")");
    }
    requireNonNull(deadline, "deadline");
    lock.lockInterruptibly();
    try {
      checkOpen();
      return streams.getOrDefault(stream, new Stream()).slice(after, most);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("store " + name + ": closed (expected: open)");
    }
  }

  /** One stream; the event at index i stands at position i + 1. */
  private static final class Stream {
    private final List<Recorded> events = new ArrayList<>();
    private final Map<MessageId, Recorded> byId = new HashMap<>();

    long end() {
      return events.size();
    }

    List<Recorded> standing(Append append) {
      return append.events().stream()
          .map(event -> byId.get(event.id()))
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(Recorded::position))
          .toList();
    }

    void add(List<Event> added, Instant now) {
      for (Event event : added) {
        Recorded recorded = new Recorded(events.size() + 1, now, event);
        events.add(recorded);
        byId.put(event.id(), recorded);
      }
    }

    Slice slice(long after, int most) {
      int from = (int) Math.min(after, end());
      int to = (int) Math.min(from + (long) most, end());
      return new Slice(events.subList(from, to), end());
    }
  }
}
