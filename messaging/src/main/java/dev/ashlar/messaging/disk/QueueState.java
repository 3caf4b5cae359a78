package dev.ashlar.messaging.disk;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.disk.QueueLive.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/*
 * The state machine of the queue in memory (MemoryStore has the picture), with two differences.
 *
 * It has in hand only what it must. The backlog is a range of the journal, from the cursor to the
 * end, and is read in when there is nothing else to deliver:
 *
 *     journal   ... settled ... | in hand, here and there | cursor   backlog             end |
 *
 * A change that must last is made in two steps, because it is written in between and the lock is not
 * held over that: begin() takes the message out of everybody's reach, and apply...() or restore()
 * says how the writing ended. Whoever else held the message has lost it as soon as it begins.
 *
 *   READY, IN_FLIGHT --begin--> CHANGING --apply--> GONE | TIMED | READY | DEAD
 *                                   `------restore--> as before
 *   DEAD             --begin--> CHANGING --apply--> GONE | READY (before what is parked behind it)
 */
/** What a queue on disk knows of the messages that it has in hand. Guarded by the queue's lock. */
final class QueueState {

  private final QueueOptions options;
  private final TimeSource time;
  private final Observer observer;
  private final long lifetime;
  private final long visibility;

  private final QueueHeld held;
  private final QueueSchedule schedule = new QueueSchedule();
  private final QueueLines lines;
  private final LinkedHashSet<QueueLive> dead = new LinkedHashSet<>();
  private int inFlight;
  private long stored;
  private long gone;

  /**
   * Makes an empty queue.
   *
   * @param time for stamps of failures only; what is due when is told
   */
  QueueState(QueueOptions options, TimeSource time, Observer observer, int cacheBytesMax) {
    this.options = options;
    this.time = time;
    this.observer = observer;
    this.lifetime = options.lifetime().toNanos();
    this.visibility = options.visibility().toNanos();
    this.held = new QueueHeld(cacheBytesMax);
    this.lines = new QueueLines(options.deadKey());
  }

  /**
   * One delivery: the message it is of, and the epoch that makes it the latest or not.
   *
   * @param message null until it is read
   */
  record Claim(
      QueueLive live,
      int epoch,
      int attempt,
      int spent,
      long timeLeft,
      long home,
      @Nullable Message message) {

    Claim with(Message read) {
      return new Claim(live, epoch, attempt, spent, timeLeft, home, read);
    }
  }

  /** A message that must not be delivered again, and why; empty if its home tells. */
  record Hopeless(QueueLive live, String reason) {}

  boolean hasRoom() {
    return stored < options.capacity();
  }

  /** For how many messages there is room. */
  long room() {
    return Math.max(0, options.capacity() - stored);
  }

  /** Makes room for messages, or gives it back. */
  void reserve(int count) {
    stored += count;
  }

  void setStored(long count) {
    stored = count;
  }

  long stored() {
    return stored;
  }

  /** Returns how many messages have gone since it was made. */
  long gone() {
    return gone;
  }

  /** Returns how many messages are in hand. */
  int held() {
    return held.count();
  }

  int readyCount() {
    return schedule.readyCount();
  }

  QueueLines lines() {
    return lines;
  }

  Iterable<QueueLive> dead() {
    return dead;
  }

  /** Takes a message in hand that was in the backlog, or was found when the queue was opened. */
  void admit(QueueLive live, @Nullable Message message, long now) {
    live.counted = live.attempts;
    held.add(live);
    held.cache(live, message);
    enqueue(live, now);
  }

  /** Takes a dead letter in hand that was found when the queue was opened. */
  void admitDead(QueueLive live) {
    live.counted = live.attempts;
    held.add(live);
    live.state = State.DEAD;
    dead.add(live);
    if (live.key != null) {
      lines.die(live.key, live);
    }
  }

  private void enqueue(QueueLive live, long now) {
    boolean mayGo = live.key == null || lines.join(live.key, live);
    if (mayGo) {
      queue(live, now);
    } else {
      live.state = State.BEHIND;
    }
  }

  private void queue(QueueLive live, long now) {
    live.state = live.due <= now ? State.READY : State.TIMED;
    schedule.add(live);
  }

  /** Returns the moment at which something next becomes due by itself, if anything does. */
  OptionalLong nextDue() {
    return schedule.nextDue();
  }

  void moveDue(long now) {
    QueueLive live = schedule.takeDue(now);
    while (live != null) {
      if (live.state == State.IN_FLIGHT) {
        setInFlight(live, false);
        live.lapsed = true;
        live.noteFailure(time.wallTime());
        observer.count("queue.lapsed", 1);
      }
      live.state = State.READY;
      schedule.add(live);
      live = schedule.takeDue(now);
    }
  }

  private void setInFlight(QueueLive live, boolean changed) {
    if (live.inFlight != changed) {
      live.inFlight = changed;
      inFlight += changed ? 1 : -1;
    }
  }

  /**
   * Hands out what is due, up to a number; what is hopeless begins to change instead. Behind a
   * hopeless message with a key it stops: the next of its key may be due before all others.
   */
  void claim(int most, long now, List<Claim> claims, List<Hopeless> hopeless) {
    boolean goesOn = true;
    while (goesOn && claims.size() < most && hopeless.size() < most && schedule.readyCount() > 0) {
      QueueLive live = schedule.firstReady();
      String reason = hopeless(live, now);
      if (reason == null) {
        claims.add(hand(live, now));
      } else {
        begin(live);
        hopeless.add(new Hopeless(live, reason));
        goesOn = live.key == null;
      }
    }
  }

  private @Nullable String hopeless(QueueLive live, long now) {
    if (live.fault != null) {
      return live.fault;
    }
    if (live.nanosToLive(lifetime, now) <= 0) {
      observer.count("queue.expired", 1);
      return "expired";
    }
    if (live.spent >= options.attemptsMax()) {
      return live.lapsed ? "not settled within its visibility" : "";
    }
    return null;
  }

  private Claim hand(QueueLive live, long now) {
    schedule.remove(live);
    live.attempts++;
    live.spent++;
    live.epoch++;
    setInFlight(live, true);
    live.state = State.IN_FLIGHT;
    live.due = now + visibility;
    schedule.add(live);
    long timeLeft = live.timeToLive == 0 ? 0 : live.nanosToLive(lifetime, now);
    return new Claim(
        live, live.epoch, live.attempts, live.spent, timeLeft, live.home, held.uncache(live));
  }

  boolean isCurrent(Claim claim) {
    QueueLive live = claim.live();
    return live.epoch == claim.epoch()
        && (live.state == State.IN_FLIGHT || live.state == State.READY);
  }

  /** Takes a message out of everybody's reach while something is written about it. */
  void begin(QueueLive live) {
    live.before = live.state;
    schedule.remove(live);
    live.state = State.CHANGING;
    live.epoch++;
  }

  /** What was to be written was not: all is as before, for whoever held it as well. */
  void restore(QueueLive live) {
    live.epoch--;
    live.state = live.before;
    schedule.add(live);
  }

  /** It is settled as done, or discarded. */
  void applyDone(QueueLive live, long now) {
    boolean wasDead = live.before == State.DEAD;
    forget(live);
    stored--;
    if (wasDead) {
      rest(live, now);
    } else {
      leave(live, now);
    }
  }

  private void forget(QueueLive live) {
    setInFlight(live, false);
    live.state = State.GONE;
    if (live.before == State.DEAD) {
      dead.remove(live);
    }
    held.remove(live);
    gone++;
  }

  private void leave(QueueLive live, long now) {
    QueueLive next = live.key == null ? null : lines.leave(live.key, live);
    // The head may be on its way already: only one that waited behind moves up.
    if (next != null && next.state == State.BEHIND) {
      queue(next, now);
    }
  }

  /** A dead letter that is gone holds nobody back. */
  private void rest(QueueLive live, long now) {
    QueueLive next = live.key == null ? null : lines.rest(live.key, live);
    if (next != null && next.state == State.BEHIND) {
      queue(next, now);
    }
  }

  /** It waits again, at its place, with another home. */
  void applyRetry(QueueLive live, long due, long home, Message message, long now) {
    setInFlight(live, false);
    live.counted = live.attempts;
    live.lapsed = false;
    live.home = home;
    live.due = due;
    held.cache(live, message);
    queue(live, now);
  }

  void applyDead(QueueLive live, long home, long now) {
    setInFlight(live, false);
    live.counted = live.attempts;
    live.home = home;
    live.state = State.DEAD;
    held.uncache(live);
    dead.add(live);
    if (live.key != null) {
      lines.die(live.key, live);
    }
    leave(live, now);
  }

  /** It goes back to its place, before all that is parked behind it. */
  void applyRedrive(QueueLive live, long home, long now) {
    dead.remove(live);
    revive(live, home, now);
    enqueue(live, now);
    rest(live, now);
  }

  /** The same message with all its attempts and its whole history. */
  static void revive(QueueLive live, long home, long now) {
    live.home = home;
    live.spent = 0;
    live.lastFailure = 0;
    live.lapsed = false;
    live.due = now;
  }

  /** It went to the end of the journal under another number, and is in hand no longer. */
  void applyReturned(QueueLive live, long now) {
    forget(live);
    rest(live, now);
  }

  /** Gives a message back that was not handled, at once and without an attempt. */
  void release(Claim claim, long now) {
    QueueLive live = claim.live();
    live.spent--;
    schedule.remove(live);
    setInFlight(live, false);
    live.epoch++;
    live.due = now;
    held.cache(live, claim.message());
    queue(live, now);
  }

  void renew(QueueLive live, long now) {
    schedule.remove(live);
    setInFlight(live, true);
    live.state = State.IN_FLIGHT;
    live.due = now + visibility;
    schedule.add(live);
  }

  MessageQueue.Depth depth() {
    long parked = lines.parked();
    return new MessageQueue.Depth(
        stored - dead.size() - inFlight - parked, inFlight, dead.size(), parked);
  }

  /** Returns every message in hand. */
  List<QueueLive> snapshot() {
    return held.snapshot();
  }
}
