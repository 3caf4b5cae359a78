package dev.ashlar.messaging.sourcing;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.time.Instant;
import java.util.List;

/**
 * Streams of events, each appended to by whoever knows its end.
 *
 * <p>A stream holds what has happened to one thing, an order or an account, and is the truth about
 * it: state is what its events add up to. A position is a count: the first event of a stream stands
 * at 1, and a stream of n events ends at n. A stream that nobody appended to ends at 0. This is not
 * a log, which has partitions and groups of readers, and whose positions say nothing.
 *
 * <p><b>Guarantees.</b> An append that expects another end than the stream's stores nothing, and is
 * told the end (STORE-1). Of appends at the same time that expect the same end, one is stored
 * (STORE-2). The events of an append are stored together or not at all, also if the process dies,
 * and no reader sees a part of them as the end of the stream (STORE-3). The same append again
 * stores nothing more and answers what the first one did, also when others have appended since; the
 * same ids with anything else are {@link AppendResult.IdTaken} (STORE-4). Events are read as they
 * were appended, in order and without gaps, from any position (STORE-7). What does not fit is
 * refused and stores nothing (STORE-8).
 *
 * <p><b>Not guaranteed.</b> Any order between streams, or one append to two of them: a stream is
 * the unit of consistency. That nobody else appends between a read and an append without an
 * expectation.
 *
 * <p><b>Failures.</b> Appending answers in values, {@link AppendResult.Unknown} among them; reading
 * throws {@link BackendException} where a backend does not answer. {@link InterruptedException}
 * leaves the effect of an append unknown; appending again tells.
 *
 * <p><b>Threads.</b> Safe, for any number of writers and readers.
 *
 * <p><b>Limits.</b> {@link StoreOptions}; {@value Append#EVENTS_MAX} events in an append, {@value
 * #READ_MAX} in a read.
 */
public interface EventStore extends AutoCloseable {

  /** The most events that one call reads. */
  int READ_MAX = 1000;

  /** Returns the store's name, 1 to 64 of {@code A-Z a-z 0-9 . _ -}. */
  String name();

  /** Returns what this store promises beyond the contract. */
  StoreGuarantees guarantees();

  /** Returns the store's bounds. */
  StoreOptions options();

  /**
   * Appends events to a stream, which comes into being with its first ones. A deadline that has
   * come already appends if that takes no waiting.
   *
   * <p>Events without a context get the current one, if there is one; an append is an operation of
   * the store's observer ({@link Append#handOver}).
   */
  AppendResult append(Append append, Deadline deadline) throws InterruptedException;

  /**
   * Appends events to a stream.
   *
   * @param events 1 to {@value Append#EVENTS_MAX}, each with an id of its own
   * @see #append(Append, Deadline)
   */
  default AppendResult append(
      StreamName stream, ExpectedEnd expected, List<Event> events, Deadline deadline)
      throws InterruptedException {
    return append(new Append(stream, expected, events), deadline);
  }

  /**
   * Reads the next events of a stream.
   *
   * @param after the position behind which to begin; 0 for the whole stream
   * @param most how many at most, 1 to {@value #READ_MAX}; where they are large a store may bring
   *     fewer, one at least
   * @return the events, none if there are no more, and where the stream ended when it was read
   */
  Slice read(StreamName stream, long after, int most, Deadline deadline)
      throws InterruptedException;

  /** Ends the use of this handle; later calls fail with {@link IllegalStateException}. */
  @Override
  void close();

  /**
   * An event in its place.
   *
   * @param position counts the events of the stream, from 1
   * @param recordedAt when it was stored, by the store's wall clock: for people to read, and no
   *     measure of order
   * @param event as it was appended
   */
  record Recorded(long position, Instant recordedAt, Event event) {

    /** Checks the parts. */
    public Recorded {
      requireNonNull(recordedAt, "recordedAt");
      requireNonNull(event, "event");
      if (position < 1) {
        throw new IllegalArgumentException("position: " + position + " (expected: >= 1)");
      }
    }
  }

  /**
   * A run of events of one stream.
   *
   * @param events in order, without gaps
   * @param end how many events the stream had when it was read; expect this end to append upon what
   *     the whole stream says
   */
  record Slice(List<Recorded> events, long end) {

    /** Copies. */
    public Slice {
      events = List.copyOf(events);
    }
  }
}
