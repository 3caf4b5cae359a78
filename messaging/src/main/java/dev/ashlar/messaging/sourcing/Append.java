package dev.ashlar.messaging.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Headers;
import dev.ashlar.core.Observer;
import dev.ashlar.core.Operation;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.sourcing.EventStore.Recorded;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be appended to a stream, all of it or nothing.
 *
 * <p>Besides being the request, it is what stores have in common: {@link #judge} decides, for every
 * engine alike, what becomes of an append to a stream of which the engine tells what matters, and
 * {@link #handOver} brings in the context of whoever appends.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <p><b>Limits.</b> {@value #EVENTS_MAX} events: one append records one decision, and is one
 * transaction or one journal batch of the store.
 *
 * @param stream where to
 * @param expected what the stream's end is taken to be
 * @param events in order; each id once
 */
public record Append(StreamName stream, ExpectedEnd expected, List<Event> events) {

  /** The most events of one append. */
  public static final int EVENTS_MAX = 100;

  /** Checks and copies. */
  public Append {
    requireNonNull(stream, "stream");
    requireNonNull(expected, "expected");
    events = List.copyOf(events);
    if (events.isEmpty() || events.size() > EVENTS_MAX) {
      throw new IllegalArgumentException(
          "events: " + events.size() + " (expected: 1 to " + EVENTS_MAX + ")");
    }
    Set<MessageId> ids = new HashSet<>();
    for (Event event : events) {
      if (!ids.add(event.id())) {
        throw new IllegalArgumentException("events: " + event.id() + " twice (expected: once)");
      }
    }
  }

  /** Returns the size of all payloads together. */
  public long payloadBytes() {
    return events.stream().mapToLong(event -> event.payload().size()).sum();
  }

  /**
   * Decides what becomes of this append.
   *
   * <p>An append whose events stand in the stream already, side by side in this order and behind
   * the expected end, is a retry, and its answer is that of the first attempt.
   *
   * @param end how many events the stream has
   * @param standing the events of the stream that have an id of this append, by position; read
   *     together with the end
   * @return the answer; empty if the events are to be stored behind the end, which must then still
   *     be the end
   */
  public Optional<AppendResult> judge(long end, List<Recorded> standing) {
    if (standing.isEmpty()) {
      return expected.allows(end) ? Optional.empty() : Optional.of(new AppendResult.Conflict(end));
    }
    Recorded first = standing.get(0);
    return Optional.of(
        isRetry(standing)
            ? new AppendResult.Appended(first.position() + events.size() - 1)
            : new AppendResult.IdTaken(first.event().id(), first.position()));
  }

  private boolean isRetry(List<Recorded> standing) {
    long before = standing.get(0).position() - 1;
    if (standing.size() != events.size() || !expected.allows(before)) {
      return false;
    }
    for (int i = 0; i < events.size(); i++) {
      Recorded recorded = standing.get(i);
      if (recorded.position() != before + 1 + i || !recorded.event().saysTheSameAs(events.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Hands this append over: what every store does around storing.
   *
   * <p>Events without a context get the thread's current one, if there is one, and the observer is
   * told of one {@link Operation.Kind#PRODUCER}, whose headers go into those events too. Where
   * every event carries a context already, they were handed over before: they are stored as they
   * are, and the observer is not told.
   *
   * @param target the name of the store
   * @param observer of the store
   * @param store runs exactly once, in the caller's thread, with the append to store
   */
  public <X extends Exception> AppendResult handOver(
      String target, Observer observer, Store<X> store) throws X {
    if (events.stream().allMatch(Append::hasContext)) {
      return store.store(this);
    }
    Headers mine =
        CallContext.current()
            .map(context -> context.storedInto(Headers.empty()))
            .orElse(Headers.empty());
    return observer.around(
        Operation.of(Operation.Kind.PRODUCER, target), mine, sent -> store.store(sentWith(sent)));
  }

  private static boolean hasContext(Event event) {
    return event.headers().first(CallContext.CONTEXT_HEADER).isPresent();
  }

  private Append sentWith(Headers sent) {
    if (sent.size() == 0) {
      return this;
    }
    List<Event> changed =
        events.stream()
            .map(
                event -> hasContext(event) ? event : event.withHeaders(with(event.headers(), sent)))
            .toList();
    return new Append(stream, expected, changed);
  }

  private static Headers with(Headers own, Headers sent) {
    Headers[] all = {own};
    sent.forEach((name, value) -> all[0] = all[0].with(name, value));
    return all[0];
  }

  /**
   * What a store does with an append that is handed over to it.
   *
   * @param <X> what it throws
   */
  @FunctionalInterface
  public interface Store<X extends Exception> {

    /** Stores an append whose events have all their headers. */
    AppendResult store(Append append) throws X;
  }
}
