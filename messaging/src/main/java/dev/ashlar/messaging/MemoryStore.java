package dev.ashlar.messaging;

import dev.ashlar.core.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/*
 * The queue as a state machine that is told the time; no thread, no lock, no clock of its own. Other
 * engines do the same with tables and files, and are tested to behave as this does.
 *
 * A live message is in exactly one of four places:
 *
 *            send, redrive              claim                  settle Done
 *   (new) ---------------> READY -----------------> IN FLIGHT -------------> (gone)
 *     |                      ^                       |  |  |
 *     | delay                | its moment comes      |  |  | settle DeadLetter, or Retry with
 *     v                      |                       |  |  | all attempts spent
 *   TIMED -------------------+ <---------------------+  |  v
 *     ^                        visibility ends          | DEAD --redrive--> READY
 *     +-------------------------------------------------+
 *                              settle Retry(delay)
 *
 * IN FLIGHT messages also stand among the timed ones, due when their visibility ends. A message whose
 * visibility has ended belongs to its last holder until somebody claims it: a late settlement that
 * nobody was quicker than is as good as one in time.
 *
 * Messages with a key stand in a line per key. Only the head of the line is READY, TIMED or IN FLIGHT;
 * the others are BEHIND it, whatever the head waits for. That is the whole of key order: first
 * deliveries in order, one in flight at a time, nothing overtakes a retry. When the head dies the next
 * one moves up, or, where dead keys park, none does: see KeyLines.
 */

/** Everything a queue in memory knows. */
final class MemoryStore {

  private final String name;
  private final QueueOptions options;
  private final Observer observer;

  private final TreeMap<Long, Live> ready = new TreeMap<>();
  private final NavigableSet<Live> timed =
      new TreeSet<>(
          Comparator.comparing((Live live) -> live.due, MemoryStore::byDifference)
              .thenComparing(live -> live.number));
  private final KeyLines lines;
  private final LinkedHashMap<Long, Dead> dead = new LinkedHashMap<>();
  private long numbers;
  private int stored;
  private int inFlight;

  MemoryStore(String name, QueueOptions options, Observer observer) {
    this.name = name;
    this.options = options;
    this.observer = observer;
    this.lines = new KeyLines(options.deadKey());
  }

  /** Elapsed time has no origin, so two moments compare by their difference only. */
  private static int byDifference(long left, long right) {
    return Long.compare(left - right, 0);
  }

  boolean hasRoom() {
    return stored < options.capacity();
  }

  /** Returns whether the message's key is dead and has as many messages parked as it may. */
  boolean isParkFull(Message message) {
    return message.key().filter(lines::isFull).isPresent();
  }

  void add(Message message, Duration delay, Moment now) {
    stored++;
    Live live = new Live(++numbers, message, now.nanos());
    live.due = now.nanos() + delay.toNanos();
    enqueue(live, now);
  }

  private void enqueue(Live live, Moment now) {
    boolean mayGo = live.message.key().map(key -> lines.join(key, live)).orElse(true);
    if (mayGo) {
      schedule(live, now);
    }
  }

  private void schedule(Live live, Moment now) {
    if (byDifference(live.due, now.nanos()) <= 0) {
      ready.put(live.number, live);
    } else {
      timed.add(live);
    }
  }

  /** Returns the moment at which something next becomes due by itself, if anything does. */
  OptionalLong nextDueNanos() {
    return timed.isEmpty() ? OptionalLong.empty() : OptionalLong.of(timed.first().due);
  }

  List<Claim> claim(int most, Moment now) {
    moveDue(now);
    List<Claim> claims = new ArrayList<>();
    while (claims.size() < most && !ready.isEmpty()) {
      Live live = ready.firstEntry().getValue();
      Optional<String> hopeless = hopeless(live, now);
      if (hopeless.isPresent()) {
        bury(live, hopeless.get(), now);
      } else {
        claims.add(hand(live, now));
      }
    }
    return claims;
  }

  private void moveDue(Moment now) {
    while (!timed.isEmpty() && byDifference(timed.first().due, now.nanos()) <= 0) {
      Live live = timed.pollFirst();
      if (live.owned) {
        live.owned = false;
        inFlight--;
        live.noteFailure("not settled within its visibility", now);
        observer.count("queue.lapsed", 1);
      }
      ready.put(live.number, live);
    }
  }

  /** Returns why a message must not be delivered again, if it must not. */
  private Optional<String> hopeless(Live live, Moment now) {
    if (live.nanosToLive(options, now) <= 0) {
      observer.count("queue.expired", 1);
      return Optional.of("expired");
    }
    if (live.spent >= options.attemptsMax()) {
      return Optional.of(
          Optional.ofNullable(live.lastCause).orElse("attempts spent without a settlement"));
    }
    return Optional.empty();
  }

  private Claim hand(Live live, Moment now) {
    ready.remove(live.number);
    live.attempts++;
    live.spent++;
    live.epoch++;
    live.owned = true;
    inFlight++;
    live.due = now.nanos() + options.visibility().toNanos();
    timed.add(live);
    Optional<Duration> timeToLive =
        live.message.timeToLive().map(whole -> Duration.ofNanos(live.nanosToLive(options, now)));
    return new Claim(live, live.epoch, live.attempts, timeToLive);
  }

  Settlement settle(Claim claim, Outcome outcome, Moment now) {
    Live live = claim.live();
    if (!live.belongsTo(claim)) {
      return Settlement.STALE;
    }
    if (outcome instanceof Outcome.Done) {
      remove(live, now);
    } else if (outcome instanceof Outcome.Retry retry) {
      retry(live, retry, now);
    } else if (outcome instanceof Outcome.DeadLetter letter) {
      bury(live, letter.reason(), now);
    }
    return Settlement.APPLIED;
  }

  private void retry(Live live, Outcome.Retry retry, Moment now) {
    if (live.spent >= options.attemptsMax()) {
      bury(live, retry.cause(), now);
      return;
    }
    live.noteFailure(retry.cause(), now);
    putBack(live, retry.delay(), now);
  }

  Settlement release(Claim claim, Moment now) {
    Live live = claim.live();
    if (!live.belongsTo(claim)) {
      return Settlement.STALE;
    }
    live.spent--;
    putBack(live, Duration.ZERO, now);
    return Settlement.APPLIED;
  }

  private void putBack(Live live, Duration delay, Moment now) {
    takeOut(live);
    live.epoch++;
    live.due = now.nanos() + delay.toNanos();
    schedule(live, now);
  }

  Settlement renew(Claim claim, Moment now) {
    Live live = claim.live();
    if (!live.belongsTo(claim)) {
      return Settlement.STALE;
    }
    takeOut(live);
    live.owned = true;
    inFlight++;
    live.due = now.nanos() + options.visibility().toNanos();
    timed.add(live);
    return Settlement.APPLIED;
  }

  /** Takes a message out of wherever it waits, but leaves it in its line. */
  private void takeOut(Live live) {
    ready.remove(live.number);
    timed.remove(live);
    if (live.owned) {
      live.owned = false;
      inFlight--;
    }
  }

  private void remove(Live live, Moment now) {
    takeOut(live);
    live.gone = true;
    stored--;
    live.message
        .key()
        .flatMap(key -> lines.leave(key, live))
        .ifPresent(next -> schedule(next, now));
  }

  /**
   * The dead letter is written before the original goes: a crash in between doubles, never loses.
   */
  private void bury(Live live, String reason, Moment now) {
    live.noteFailure(reason, now);
    Dead earlier = dead.put(live.number, new Dead(live, live.toEntry(name, reason)));
    if (earlier == null) {
      // Otherwise a crash came between the two steps, and this is the second try.
      stored++;
    }
    live.message.key().ifPresent(key -> lines.die(key, live));
    observer.step("queue.deadletter.written");
    remove(live, now);
    observer.step("queue.deadletter.removed");
    observer.count("queue.dead", 1);
  }

  List<DeadLetters.Entry> dead(int most) {
    return dead.values().stream().limit(most).map(Dead::entry).toList();
  }

  DeadLetters.Redrive redrive(MessageId id, Moment now) {
    List<Dead> found =
        dead.values().stream().filter(each -> each.entry().message().id().equals(id)).toList();
    if (found.isEmpty()) {
      return DeadLetters.Redrive.ABSENT;
    }
    if (found.stream().anyMatch(each -> each.live().age(now) >= options.lifetime().toNanos())) {
      return DeadLetters.Redrive.TOO_OLD;
    }
    for (Dead each : found) {
      dead.remove(each.live().number);
      if (each.live().gone) {
        enqueue(reborn(each.live(), now), now);
      } else {
        // A crash came between the two steps of setting it aside, so it is still in the queue.
        stored--;
      }
      rest(each.live(), now);
    }
    return DeadLetters.Redrive.REDRIVEN;
  }

  /** Before what is parked behind it, the message gets its old place; otherwise the last one. */
  private Live reborn(Live live, Moment now) {
    boolean parks = live.message.key().isPresent() && lines.parks();
    return live.reborn(parks ? live.number : ++numbers, now);
  }

  /** A dead letter that is gone holds nobody back. */
  private void rest(Live live, Moment now) {
    live.message.key().flatMap(key -> lines.rest(key, live)).ifPresent(next -> schedule(next, now));
  }

  boolean discard(MessageId id, Moment now) {
    List<Dead> found =
        dead.values().stream().filter(each -> each.entry().message().id().equals(id)).toList();
    for (Dead each : found) {
      dead.remove(each.live().number);
      stored--;
      rest(each.live(), now);
    }
    return !found.isEmpty();
  }

  MessageQueue.Depth depth(Moment now) {
    moveDue(now);
    int parked = lines.parked();
    return new MessageQueue.Depth(
        stored - dead.size() - inFlight - parked, inFlight, dead.size(), parked);
  }

  /**
   * The two clocks, read once for each request.
   *
   * @param nanos elapsed
   * @param wall for stamps only
   */
  record Moment(long nanos, Instant wall) {}

  /** One delivery: the message it is of, and the epoch that makes it the latest or not. */
  record Claim(Live live, long epoch, int attempt, Optional<Duration> timeToLive) {}

  private record Dead(Live live, DeadLetters.Entry entry) {}

  /** A message and its history in this queue. */
  static final class Live {
    final long number;
    final Message message;
    private final long sentNanos;
    private long due;
    private long epoch;
    private int attempts;
    private int spent;
    private boolean owned;
    private boolean gone;
    private @Nullable Instant firstFailure;
    private @Nullable Instant lastFailure;
    private @Nullable String lastCause;

    Live(long number, Message message, long sentNanos) {
      this.number = number;
      this.message = message;
      this.sentNanos = sentNanos;
    }

    boolean belongsTo(Claim claim) {
      return !gone && epoch == claim.epoch();
    }

    long age(Moment now) {
      return now.nanos() - sentNanos;
    }

    long nanosToLive(QueueOptions options, Moment now) {
      long whole =
          Math.min(
              options.lifetime().toNanos(),
              message.timeToLive().map(Duration::toNanos).orElse(Long.MAX_VALUE));
      return whole - age(now);
    }

    void noteFailure(String cause, Moment now) {
      lastCause = cause;
      lastFailure = now.wall();
      if (firstFailure == null) {
        firstFailure = now.wall();
      }
    }

    DeadLetters.Entry toEntry(String origin, String reason) {
      Instant last = lastFailure == null ? Instant.EPOCH : lastFailure;
      Instant first = firstFailure == null ? last : firstFailure;
      return new DeadLetters.Entry(message, reason, attempts, origin, first, last);
    }

    /** The same message at another place, with all its attempts and its whole history. */
    Live reborn(long newNumber, Moment now) {
      Live live = new Live(newNumber, message, sentNanos);
      live.attempts = attempts;
      live.firstFailure = firstFailure;
      live.due = now.nanos();
      return live;
    }
  }
}
