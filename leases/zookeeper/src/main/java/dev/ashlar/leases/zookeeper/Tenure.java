package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Contender;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/*
 * A session lives as long as its process pings, whether or not anybody there still renews a lease. So
 * that a lease ends with its term all the same, the process that has a place in a queue deletes it when
 * nobody asked for a term: a holder's grant, a waiting contender's turn.
 *
 *   NEW --- a place may be in the queue ---> LIVE --- a term without asking, or release ---> OVER
 *    |                                       |  ^                                             |
 *    +-- nothing was sent --> forgotten      +--+ asked in time        node certainly gone ---+--> forgotten
 *
 * OVER is for ever: until the node is certainly gone, requests of the contender find it over, although
 * the node still stands there. Deleting is asked for again and again, without waiting, by a timer; it
 * ends when the server says that there is none, or the session has been over for so long that the server
 * has removed the node itself.
 *
 * While a request is under way nothing lapses: its answer may be a new term.
 */

/** What this process knows about one contender's place, and its end. */
final class Tenure extends Stand {

  private final Contender contender;

  // Guarded by the lock.
  private int entered;
  private boolean spent;
  private long termNanos;
  private long untilNanos;
  private int asking;
  private boolean timed;

  Tenure(Contender contender, String queue, Tenures tenures) {
    super(queue, tenures);
    this.contender = contender;
  }

  Contender contender() {
    return contender;
  }

  private long now() {
    return tenures.time().nanos();
  }

  /** Begins a request, during which nothing lapses. */
  void enter() {
    locked(
        () -> {
          over |= handle != null && asking == 0 && untilNanos - now() <= 0;
          asking++;
        });
  }

  /** Ends a request. */
  void leave() {
    locked(
        () -> {
          asking--;
          forgetIfNothingIsLeft();
        });
  }

  private void forgetIfNothingIsLeft() {
    if (handle == null && asking == 0) {
      tenures.forget(this);
    }
  }

  /** Returns whether the term is over, and the node may still be there. */
  boolean isOver() {
    return locked(() -> over);
  }

  /**
   * Sends a request for a place, and notes that it may come to stand in the queue. In one step, so
   * that whoever ends the tenure finds the request either never sent, or sent before his own.
   *
   * @return empty if the tenure was ended, and nothing was sent
   */
  Optional<Session.Sent> entering(Session session, Supplier<Session.Sent> request) {
    return locked(
        () -> {
          if (spent) {
            return Optional.empty();
          }
          entered++;
          live(session, Optional.empty());
          return Optional.of(request.get());
        });
  }

  /** Notes that a place of another session may become one of this, so that there may be two. */
  void moving(Session session) {
    locked(
        () -> {
          entered += 2;
          live(session, Optional.empty());
        });
  }

  /** Notes that the last request for a place was refused. */
  void notEntered() {
    locked(() -> entered--);
  }

  /** Notes that a place stands in the queue and is this session's, as its node has said. */
  void take(Session session, Place taken) {
    locked(
        () -> {
          live(session, Optional.of(taken));
          over |= spent;
        });
  }

  /** Notes a place that was just taken, as the last of its queue. */
  void take(Session session, Line.Entry entry) {
    locked(
        () -> {
          take(session, entry.place());
          settleLast(entry.entries());
        });
  }

  private void live(Session session, Optional<Place> taken) {
    settle(session, taken);
    termNanos = session.term().toNanos();
    untilNanos = now() + termNanos;
    arm(session.term());
  }

  @Override
  void lasts(long sinceNanos) {
    untilNanos = sinceNanos + termNanos;
  }

  /** Notes when a term was asked for, and how long it is. */
  @Override
  void asked(long sentNanos, Duration term) {
    locked(
        () -> {
          termNanos = term.toNanos();
          untilNanos = sentNanos + termNanos;
        });
  }

  /** Notes a grant that a write of this session has proven, and that its term is to last. */
  void granted(Session session, Hold proven) {
    locked(
        () -> {
          asked(proven.provenNanos(), session.term());
          if (!over && has(session, proven.place())) {
            hold = Optional.of(proven);
          }
        });
  }

  /** Notes that the contender has waited, which is asking too. */
  void waited() {
    locked(() -> untilNanos = now() + termNanos);
  }

  /**
   * Ends it, whatever is still under way.
   *
   * @return what is over with it, if that is known, and there is nothing else
   */
  Optional<Hold> end(Session session) {
    return locked(
        () -> {
          boolean sure = isLive(session) && entered == 1;
          end();
          return sure ? hold : Optional.empty();
        });
  }

  /** Ends it, whatever is still under way. */
  void end() {
    locked(
        () -> {
          forgetTurn();
          spent = true;
          over = handle != null;
          if (over) {
            arm(Duration.ofNanos(termNanos / 4));
          }
          forgetIfNothingIsLeft();
        });
  }

  /** Notes that no node of this process is left, and to whom the lease went, if here. */
  void gone(Optional<Stand> successor, Hold next) {
    locked(
        () -> {
          successor.ifPresent(one -> one.handed(next));
          gone();
        });
  }

  /** Notes that no node of this process is left. */
  void gone() {
    locked(
        () -> {
          forgetTurn();
          leavePlace();
          handle = null;
          entered = 0;
          over = false;
          forgetIfNothingIsLeft();
        });
  }

  /** Returns whether the session is over, so that only the servers can delete what is left. */
  boolean isLeftToServers() {
    return locked(() -> handle != null && !handle.getState().isAlive());
  }

  /** Asks for what is left to be deleted, and does not wait for it. */
  void sweep() {
    locked(
        () -> {
          ZooKeeper session = handle;
          if (session != null && over && session.getState().isAlive()) {
            session.sync(queue, (rc, path, ctx) -> {}, null);
            session.getChildren(
                queue, false, (rc, path, ctx, names) -> swept(session, rc, names), null);
          }
        });
  }

  private void swept(ZooKeeper session, int rc, @Nullable List<String> names) {
    List<Place> left =
        rc == Code.OK.intValue() ? leftOf(session, requireNonNull(names)) : List.of();
    for (Place one : left) {
      session.delete(path(one), -1, (code, path, ctx) -> locked(this::tellBehind), null);
    }
    boolean none = rc == Code.NONODE.intValue() || (rc == Code.OK.intValue() && left.isEmpty());
    locked(
        () -> {
          if (none && over && handle == session) {
            gone();
          }
        });
  }

  /** Returns whether a place is the contender's, and of the session that this tenure is of. */
  boolean made(Place some) {
    return locked(
        () ->
            handle != null
                && some.nonce().equals(contender.nonce())
                && some.isMadeBy(handle.getSessionId()));
  }

  /** Other sessions' places are their own: the contender may have gone on there. */
  private List<Place> leftOf(ZooKeeper session, List<String> names) {
    return Place.queue(names).stream()
        .filter(one -> one.nonce().equals(contender.nonce()))
        .filter(one -> one.isMadeBy(session.getSessionId()))
        .toList();
  }

  private void arm(Duration delay) {
    if (!timed) {
      timed = true;
      tenures.time().after(delay, this::look);
    }
  }

  /** Runs in the timers' thread: nothing here waits for the server. */
  private void look() {
    boolean lapses = locked(this::lapses);
    if (lapses) {
      tenures.lapsed();
    }
    sweep();
  }

  private boolean lapses() {
    timed = false;
    ZooKeeper session = handle;
    if (session == null) {
      return false;
    }
    long left = untilNanos - now();
    boolean lapses = !over && asking == 0 && left <= 0;
    over |= lapses;
    if (over && !session.getState().isAlive() && left < -2 * termNanos) {
      gone();
    } else {
      arm(Duration.ofNanos(!over && left > 0 ? left : termNanos / 4));
    }
    return lapses;
  }
}
