package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
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
 *
 * Two contenders of one process that stand one behind the other know it of each other. The one ahead
 * then ends its grant and writes the other's in one transaction, and tells it: nothing is left to ask.
 * The other's term counts from the sending of that transaction, which was a write of their session.
 *
 * A grant is known here (a Hold) from when a write proved it until it is over. Only what is known may be
 * renewed by a beacon, or ended by one deletion without a look: a contender that may have entered twice,
 * because an answer was lost, has to look for all its places.
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
  private Optional<Hold> hold = Optional.empty();
  private Optional<Vigil> vigil = Optional.empty();
  private Optional<Tenure> behind = Optional.empty();
  private int entered;
  private boolean spent;
  private boolean handed;
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

  private void live(Session session, Optional<Place> taken) {
    if (!taken.equals(place) || handle != session.handle()) {
      leavePlace();
      handle = session.handle();
      place = taken;
      taken.ifPresent(one -> tenures.stand(path(one), this));
    }
    termNanos = session.term().toNanos();
    untilNanos = now() + termNanos;
    arm(session.term());
  }

  private void leavePlace() {
    place.ifPresent(one -> tenures.leave(path(one)));
    tellBehind();
    place = Optional.empty();
    hold = Optional.empty();
    vigil = Optional.empty();
    handed = false;
  }

  private void tellBehind() {
    behind.flatMap(one -> one.turn).ifPresent(Turn::end);
    behind = Optional.empty();
  }

  private String path(Place some) {
    return queue + "/" + some.nodeName();
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

  /** Notes that the holder of the place ahead has handed the lease over. */
  private void handed(Hold proven) {
    handed = !over && hold.isEmpty() && place.filter(proven.place()::equals).isPresent();
    if (handed) {
      hold = Optional.of(proven);
      untilNanos = proven.provenNanos() + termNanos;
    }
  }

  /** Returns a grant that was handed over and not asked for since. */
  Optional<Hold> takeHanded(Session session) {
    return locked(
        () -> {
          boolean fresh = handed && !over && handle == session.handle();
          handed = false;
          return fresh ? hold : Optional.empty();
        });
  }

  /** Asks that the end of a holder's place be noticed from now on; returns whether it is one. */
  boolean watch(Session session, Fence fence) {
    return locked(
        () -> {
          boolean holds = holds(session, fence);
          if (holds) {
            Vigil one =
                vigil
                    .filter(Vigil::isOfUse)
                    .orElseGet(() -> new Vigil(session.handle(), path(place.orElseThrow())));
            vigil = Optional.of(one);
            one.keep();
          }
          return holds;
        });
  }

  /** Notes a beacon; returns whether it speaks for that grant. */
  boolean renewed(Session session, Fence fence, long sentNanos) {
    return locked(
        () -> {
          boolean proven = holds(session, fence) && vigil.filter(Vigil::stands).isPresent();
          if (proven) {
            asked(sentNanos, session.term());
          }
          return proven;
        });
  }

  /** Returns whether a grant is known to be this session's, as far as this process knows. */
  boolean holds(Session session, Fence fence) {
    return locked(
        () ->
            !over
                && handle == session.handle()
                && hold.flatMap(one -> one.mark().fence()).filter(fence::equals).isPresent());
  }

  /** Notes that the contender has waited, which is asking too. */
  void waited() {
    locked(() -> untilNanos = now() + termNanos);
  }

  /** Notes whose end is worth waiting for. */
  void standsBehind(Session session, String ahead) {
    locked(
        () -> {
          if (turn.filter(one -> one.isBehind(session.handle(), ahead)).isEmpty()) {
            forgetTurn();
            Optional<Tenure> near = tenures.at(ahead).filter(one -> one.isLive(session));
            near.ifPresent(one -> one.behind = Optional.of(this));
            turn = Optional.of(new Turn(session, ahead, near.isPresent()));
          }
        });
  }

  private boolean isLive(Session session) {
    return !over && handle == session.handle();
  }

  /** Returns whoever of this process is next, if it is certain. */
  Optional<Tenure> next() {
    return locked(() -> behind.filter(one -> one.isNextTo(this)));
  }

  private boolean isNextTo(Tenure ahead) {
    ZooKeeper session = ahead.handle;
    return session != null
        && handle == session
        && !over
        && place.isPresent()
        && turn.filter(at -> ahead.place.filter(one -> at.isBehind(session, path(one))).isPresent())
            .isPresent();
  }

  Optional<Place> place() {
    return locked(() -> place);
  }

  private void forgetTurn() {
    turn.ifPresent(Turn::forget);
    turn = Optional.empty();
  }

  Optional<Turn> turn() {
    return locked(() -> turn);
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

  /** Notes that no node of this process is left, and to whom the lease went. */
  void gone(Tenure successor, Hold next) {
    locked(
        () -> {
          successor.handed(next);
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
