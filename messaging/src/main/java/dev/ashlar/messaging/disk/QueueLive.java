package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that the queue has in hand: what is known of it beside its home, the record that holds
 * all of it. Guarded by the queue's lock.
 */
final class QueueLive {

  /** Where it is. */
  enum State {
    /** Due, and waits to be received. */
    READY,
    /** Waits for its moment. */
    TIMED,
    /** Owned by a delivery until its visibility ends. */
    IN_FLIGHT,
    /** Behind another message of its key, or parked behind a dead one. */
    BEHIND,
    /** Something is being written about it; nobody else may touch it until that has an outcome. */
    CHANGING,
    /** Set aside. */
    DEAD,
    /** No longer in the queue. */
    GONE
  }

  final long seq;
  final long sent;
  final long timeToLive;
  final int idHash;
  final @Nullable String key;

  /** The number of the record that has all of it. */
  long home;

  /** When it is due, or when its visibility ends, in queue time. */
  long due;

  State state = State.GONE;
  State before = State.GONE;
  int attempts;

  /** How many of its attempts are on the disk for sure; more may be. */
  int counted;

  int spent;
  int epoch;
  boolean inFlight;

  /** Its last failure was that nobody settled it; otherwise its home tells the cause. */
  boolean lapsed;

  /** When it failed, in nanoseconds of the epoch; 0 if it did not. */
  long firstFailure;

  long lastFailure;

  /** Its message, if there was room to keep it. */
  @Nullable Message message;

  /** What is wrong with its stored form, if it cannot be read. */
  @Nullable String fault;

  /** Where it stands in the {@link QueueRow} or {@link QueueHeap} that it is in. */
  int place;

  /** Neighbours in the list of all. */
  @Nullable QueueLive previous;

  @Nullable QueueLive next;

  QueueLive(long seq, long sent, Message message) {
    this(
        seq,
        sent,
        message.timeToLive().map(Duration::toNanos).orElse(0L),
        hash(message.id()),
        message.key().orElse(null));
  }

  QueueLive(long seq, long sent, long timeToLive, int idHash, @Nullable String key) {
    this.seq = seq;
    this.sent = sent;
    this.timeToLive = timeToLive;
    this.idHash = idHash;
    this.key = key;
  }

  static int hash(MessageId id) {
    return id.value().hashCode();
  }

  /**
   * Returns how long it may still be delivered.
   *
   * @param lifetime of any message in the queue, in nanoseconds
   */
  long nanosToLive(long lifetime, long now) {
    long whole = timeToLive == 0 ? lifetime : Math.min(lifetime, timeToLive);
    return whole - (now - sent);
  }

  void noteFailure(Instant wall) {
    lastFailure = nanos(wall);
    if (firstFailure == 0) {
      firstFailure = lastFailure;
    }
  }

  static long nanos(Instant wall) {
    return Math.multiplyExact(wall.getEpochSecond(), 1_000_000_000L) + wall.getNano();
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
