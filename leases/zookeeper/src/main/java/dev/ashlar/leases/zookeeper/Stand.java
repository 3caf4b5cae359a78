package dev.ashlar.leases.zookeeper;

import dev.ashlar.leases.Fence;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.zookeeper.ZooKeeper;
import org.jspecify.annotations.Nullable;

/*
 * Two contenders of one process that stand one behind the other know it of each other. The one ahead
 * then ends its grant and writes the other's in one transaction, and tells it: nothing is left to ask.
 * The other's term counts from the sending of that transaction, which was a write of their session.
 *
 * A grant is known here (a Hold) from when a write proved it until it is over. Only what is known may be
 * renewed by a beacon, or ended by one deletion without a look: a contender that may have entered twice,
 * because an answer was lost, has to look for all its places.
 */

/** Where one contender of this process stands in a line, next to whom, and what it was granted. */
abstract class Stand {

  /** How far a line is followed before it is looked at instead. */
  private static final int NEAR_MAX = 16;

  final String queue;
  final Tenures tenures;
  private final ReentrantLock lock;

  // Guarded by the lock.
  @Nullable ZooKeeper handle;
  Optional<Place> place = Optional.empty();
  Optional<Hold> hold = Optional.empty();
  boolean over;
  private Optional<Integer> ordinal = Optional.empty();
  private Optional<Turn> turn = Optional.empty();
  private Optional<Vigil> vigil = Optional.empty();
  private Optional<Stand> behind = Optional.empty();
  private boolean handed;

  Stand(String queue, Tenures tenures) {
    this.queue = queue;
    this.tenures = tenures;
    this.lock = tenures.lock();
  }

  /** Notes since when the term lasts. */
  abstract void lasts(long sinceNanos);

  /** Notes when a term was asked for, and how long it is. */
  abstract void asked(long sentNanos, Duration term);

  <R> R locked(Supplier<R> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  void locked(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      lock.unlock();
    }
  }

  /** Notes a session, and where it stands, if it does. */
  void settle(Session session, Optional<Place> taken) {
    if (!taken.equals(place) || handle != session.handle()) {
      leavePlace();
      handle = session.handle();
      place = taken;
      taken.ifPresent(one -> tenures.stand(path(one), this));
    }
  }

  /** Notes that the place was the last of its queue when it was taken. */
  void settleLast(int entries) {
    ordinal = Optional.of(entries);
    tenures.stand(ordinalOf(entries), this);
    tenures.join(queue, this);
  }

  /** Where the one stands whose entry counted up the version of the queue's node to this. */
  String ordinalOf(int entries) {
    return queue + "#" + entries;
  }

  void leavePlace() {
    place.ifPresent(one -> tenures.leave(path(one)));
    ordinal.ifPresent(one -> tenures.leave(ordinalOf(one)));
    ordinal = Optional.empty();
    tenures.part(queue, this);
    tellBehind();
    place = Optional.empty();
    hold = Optional.empty();
    vigil = Optional.empty();
    handed = false;
  }

  void tellBehind() {
    behind.flatMap(one -> one.turn).ifPresent(Turn::end);
    behind = Optional.empty();
  }

  String path(Place some) {
    return queue + "/" + some.nodeName();
  }

  /** Returns whether a place is known to be this session's. */
  boolean has(Session session, Place some) {
    return locked(() -> handle == session.handle() && place.filter(some::equals).isPresent());
  }

  /** Notes that the holder of the place ahead has handed the lease over. */
  void handed(Hold proven) {
    handed = !over && hold.isEmpty() && place.filter(proven.place()::equals).isPresent();
    if (handed) {
      hold = Optional.of(proven);
      lasts(proven.provenNanos());
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

  /** Notes whose end is worth waiting for. */
  void standsBehind(Session session, String ahead) {
    locked(
        () -> {
          if (turn.filter(one -> one.isBehind(session.handle(), ahead)).isEmpty()) {
            forgetTurn();
            Optional<Stand> near = tenures.at(ahead).filter(one -> one.isOf(session));
            near.ifPresent(one -> one.behind = Optional.of(this));
            turn = Optional.of(new Turn(session, ahead, near.isPresent()));
          }
        });
  }

  /** Returns whether this one is new to a queue in which others of this process stand. */
  boolean isNewAmongOthers(Session session) {
    return locked(
        () ->
            place.isEmpty() && tenures.tail(queue).filter(one -> one.isLive(session)).isPresent());
  }

  /**
   * Stands behind whoever entered right before, if that is one of this process.
   *
   * @return who has the lease, if all those ahead are of this process
   */
  Optional<Fence> standsBehindNear(Session session, int entries) {
    return locked(
        () -> {
          Optional<Stand> ahead =
              tenures.at(ordinalOf(entries - 1)).filter(one -> one.isOf(session));
          Optional<Fence> holder = ahead.flatMap(one -> one.holderFrom(session));
          if (holder.isPresent()) {
            standsBehind(session, path(ahead.get().place.orElseThrow()));
          }
          return holder;
        });
  }

  private Optional<Fence> holderFrom(Session session) {
    Stand one = this;
    for (int i = 0; i < NEAR_MAX && one.isOf(session); i++) {
      if (one.hold.isPresent()) {
        return one.hold.get().mark().fence();
      }
      Optional<Stand> ahead = one.turn.map(Turn::path).flatMap(tenures::at);
      if (ahead.isEmpty()) {
        return Optional.empty();
      }
      one = ahead.get();
    }
    return Optional.empty();
  }

  /** Returns whether this one has waited, and has not heard of a grant. */
  boolean isWaiting() {
    return locked(() -> turn.isPresent() && hold.isEmpty());
  }

  /** One that is being given back counts: until that is done, it is what stands there. */
  private boolean isOf(Session session) {
    return handle == session.handle();
  }

  boolean isLive(Session session) {
    return !over && handle == session.handle();
  }

  /** Returns whoever of this process is next, if it is certain. */
  Optional<Stand> next() {
    return locked(() -> behind.filter(one -> one.isNextTo(this)));
  }

  private boolean isNextTo(Stand ahead) {
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

  void forgetTurn() {
    turn.ifPresent(Turn::forget);
    turn = Optional.empty();
  }

  Optional<Turn> turn() {
    return locked(() -> turn);
  }
}
