package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Contender;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
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
final class Tenure {

  private final Contender contender;
  private final String queue;
  private final Tenures tenures;
  private final ReentrantLock lock;

  // Guarded by the lock.
  private @Nullable ZooKeeper handle;
  private Optional<Place> place = Optional.empty();
  private Optional<Turn> turn = Optional.empty();
  private long termNanos;
  private long untilNanos;
  private int asking;
  private boolean over;
  private boolean timed;

  Tenure(Contender contender, String queue, Tenures tenures) {
    this.contender = contender;
    this.queue = queue;
    this.tenures = tenures;
    this.lock = tenures.lock();
  }

  Contender contender() {
    return contender;
  }

  private long now() {
    return tenures.time().nanos();
  }

  private <R> R locked(Supplier<R> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      lock.unlock();
    }
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

  /** Notes that a place of this session may come to stand in the queue. */
  void expect(Session session) {
    locked(() -> live(session, Optional.empty()));
  }

  /** Notes that a place stands in the queue and is this session's, as its node has said. */
  void take(Session session, Place taken) {
    locked(() -> live(session, Optional.of(taken)));
  }

  private void live(Session session, Optional<Place> taken) {
    handle = session.handle();
    place = taken;
    termNanos = session.term().toNanos();
    untilNanos = now() + termNanos;
    arm(session.term());
  }

  /** Returns whether a place is known to be this session's. */
  boolean has(Session session, Place some) {
    return locked(() -> handle == session.handle() && place.filter(some::equals).isPresent());
  }

  /** Notes when a term was asked for, and how long it is. */
  void asked(long sentNanos, Duration term) {
    locked(
        () -> {
          termNanos = term.toNanos();
          untilNanos = sentNanos + termNanos;
        });
  }

  /** Notes that the contender has waited, which is asking too. */
  void waited() {
    locked(() -> untilNanos = now() + termNanos);
  }

  /** Notes whose end is worth waiting for. */
  void standsBehind(Session session, String ahead) {
    locked(
        () -> {
          if (turn.filter(one -> one.isBehind(session, ahead)).isEmpty()) {
            forgetTurn();
            turn = Optional.of(new Turn(session, ahead));
          }
        });
  }

  private void forgetTurn() {
    turn.ifPresent(Turn::forget);
    turn = Optional.empty();
  }

  Optional<Turn> turn() {
    return locked(() -> turn);
  }

  /** Ends it, whatever is still under way. */
  void end() {
    locked(
        () -> {
          forgetTurn();
          over = handle != null;
          if (over) {
            arm(Duration.ofNanos(termNanos / 4));
          }
          forgetIfNothingIsLeft();
        });
  }

  /** Notes that no node of this process is left. */
  void gone() {
    locked(
        () -> {
          forgetTurn();
          handle = null;
          place = Optional.empty();
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
      session.delete(queue + "/" + one.nodeName(), -1, (code, path, ctx) -> {}, null);
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
