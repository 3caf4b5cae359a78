package dev.ashlar.messaging.testkit.history;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.MessageQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * What all threads of a test did, as it can be checked afterwards.
 *
 * <p><b>Guarantees.</b> The counter that spans are read from rises with each reading, in all
 * threads together, so what ended before something else began is recorded so.
 *
 * <p><b>Not guaranteed.</b> That events stand in the order in which they happened: they stand in
 * the order in which they were added. The checker looks at their spans.
 *
 * <p><b>Failures.</b> {@link IllegalStateException} once it is full: a history with a hole would
 * find losses that there were none of.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> As many events as it was made for, each of which takes about a hundred bytes,
 * and the contents of log records besides; it never drops any.
 *
 * <pre>{@code
 * History history = History.ofAtMost(100_000);
 * MessageQueue watched = history.watch(queue);
 * useFromManyThreads(watched);
 * assertThat(HistoryCheck.ofDrained(history.events()).findings()).isEmpty();
 * }</pre>
 */
public final class History {

  private final int eventsMax;
  private final AtomicLong moments = new AtomicLong();
  private final List<Event> events = new ArrayList<>();

  private History(int eventsMax) {
    this.eventsMax = eventsMax;
  }

  /** Returns an empty history for at most that many events, 1 to 100 million. */
  public static History ofAtMost(int eventsMax) {
    if (eventsMax < 1 || eventsMax > 100_000_000) {
      throw new IllegalArgumentException("eventsMax: " + eventsMax + " (expected: 1 to 100000000)");
    }
    return new History(eventsMax);
  }

  /** Returns a moment later than all before; read it before a call, and hand it to {@link #add}. */
  public long begin() {
    return moments.incrementAndGet();
  }

  /**
   * Adds an event that ends now.
   *
   * @param began from {@link #begin()}
   * @param event makes the event from its span
   */
  public void add(long began, Function<Span, Event> event) {
    Event made = event.apply(new Span(began, moments.incrementAndGet()));
    requireNonNull(made, "event");
    synchronized (events) {
      if (events.size() == eventsMax) {
        throw new IllegalStateException(
            "history: full (expected: fewer than " + eventsMax + " events)");
      }
      events.add(made);
    }
  }

  /** Returns a queue that does what the other does, and records it here. */
  public MessageQueue watch(MessageQueue queue) {
    return new RecordingQueue(queue, this);
  }

  /** Returns how many events were recorded so far. */
  public int size() {
    synchronized (events) {
      return events.size();
    }
  }

  /** Returns what was recorded so far. */
  public List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }
}
