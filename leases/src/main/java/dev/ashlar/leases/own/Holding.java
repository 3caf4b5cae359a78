package dev.ashlar.leases.own;

import dev.ashlar.leases.Lease;
import java.util.Optional;

/*
 *                                 not granted
 *             +--------------------------------------------+
 *             v                                            |
 *  gone <-- FREE -- wanted, and time to try ----------> ASKING -- granted --> BEGINNING   owned() runs
 *             ^                                                                   |
 *             |                                                                   v
 *             +-- ENDING, LOSING <-- a thread comes -- LEAVING <-- no more -- OWNED
 *                 ending() runs,                                  wanted,
 *                 lost() runs                                     or lost
 *
 * At most one thread is at work on a partition; what it has begun decides what comes next.
 */

/**
 * One partition, as one node sees it: a state machine that is told the time and what happened.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
final class Holding {

  private enum Phase {
    FREE,
    ASKING,
    BEGINNING,
    OWNED,
    LEAVING,
    ENDING,
    RELEASING,
    LOSING
  }

  /** What to do about a partition. */
  enum Order {
    NOTHING,
    /** Ask for the lease, and begin, in a thread. */
    TAKE,
    /** Do not ask, if no thread has come to it yet. */
    CALL_OFF,
    /** End, in a thread. */
    LEAVE,
    /** Interrupt the thread that is at work: there is no use in what it does. */
    STOP,
    /** As well, and leave the lease to its term: its time is over. */
    LET_GO,
    FORGET
  }

  /** How a partition ends. */
  enum End {
    HAND_OVER,
    LOSS
  }

  private final String partition;
  private final long drainNanos;

  private Phase phase = Phase.FREE;
  private boolean wanted;
  private long tryAtNanos;
  private Optional<Lease> lease = Optional.empty();

  /** What its listener began with has failed. */
  private boolean failed;

  /** Until when what is at work may take, if that is limited. */
  private Optional<Long> byNanos = Optional.empty();

  private boolean stopped;
  private boolean letGo;

  Holding(String partition, long drainNanos, long nowNanos) {
    this.partition = partition;
    this.drainNanos = drainNanos;
    this.tryAtNanos = nowNanos;
  }

  String partition() {
    return partition;
  }

  Optional<Lease> lease() {
    return lease;
  }

  /** Returns the lease, if the partition is this node's to work on. */
  Optional<Lease> owned() {
    return phase == Phase.OWNED && wanted && !failed
        ? lease.filter(Lease::stillHeld)
        : Optional.empty();
  }

  void want(boolean changed, long nowNanos) {
    if (phase == Phase.BEGINNING && wanted != changed) {
      byNanos = changed ? Optional.empty() : Optional.of(nowNanos + drainNanos);
    }
    wanted = changed;
  }

  /**
   * Returns what to do now, which counts as being done from now on.
   *
   * @param held whether the lease is held
   */
  Order order(long nowNanos, boolean held) {
    return switch (phase) {
      case FREE -> free(nowNanos);
      case OWNED -> wanted && !failed && held ? Order.NOTHING : leave();
      case BEGINNING, ENDING -> busy(nowNanos, held);
      case ASKING -> wanted || stopped ? Order.NOTHING : callOff();
      case LEAVING, RELEASING, LOSING -> Order.NOTHING;
    };
  }

  private Order callOff() {
    stopped = true;
    return Order.CALL_OFF;
  }

  private Order free(long nowNanos) {
    if (!wanted) {
      return Order.FORGET;
    }
    if (tryAtNanos - nowNanos > 0) {
      return Order.NOTHING;
    }
    phase = Phase.ASKING;
    return Order.TAKE;
  }

  private Order leave() {
    phase = Phase.LEAVING;
    return Order.LEAVE;
  }

  private Order busy(long nowNanos, boolean held) {
    if (held && !letGo && byNanos.filter(by -> nowNanos - by >= 0).isPresent()) {
      return letGo();
    }
    if (!held && !stopped) {
      stopped = true;
      return Order.STOP;
    }
    return Order.NOTHING;
  }

  /** Returns whether to let go now, as there is no more time for anything. */
  boolean hurry() {
    boolean holding =
        switch (phase) {
          case OWNED, BEGINNING, LEAVING, ENDING -> !letGo;
          case FREE, ASKING, RELEASING, LOSING -> false;
        };
    return holding && letGo() == Order.LET_GO;
  }

  private Order letGo() {
    letGo = true;
    stopped = true;
    return Order.LET_GO;
  }

  /** Returns when to look again, if nothing happens before. */
  long lookNanos(long nowNanos, long farNanos) {
    if (phase == Phase.FREE && wanted) {
      return tryAtNanos;
    }
    if (letGo || lease.isEmpty() || !lease.get().stillHeld()) {
      return farNanos;
    }
    long look = earlier(farNanos, nowNanos + lease.get().remaining().toNanos());
    return byNanos.isPresent() ? earlier(look, byNanos.get()) : look;
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /** Takes the lease, if the partition is wanted still. */
  boolean granted(Lease granted) {
    if (!wanted) {
      return false;
    }
    lease = Optional.of(granted);
    phase = Phase.BEGINNING;
    stopped = false;
    return true;
  }

  /** Notes that its listener has begun. */
  void begun(boolean well) {
    failed = !well;
    phase = Phase.OWNED;
    byNanos = Optional.empty();
    stopped = false;
  }

  /** Returns how it ends, now that there is a thread for it. */
  End leaves(long nowNanos, boolean held) {
    if (held && !letGo) {
      phase = Phase.ENDING;
      byNanos = Optional.of(nowNanos + drainNanos);
      return End.HAND_OVER;
    }
    phase = Phase.LOSING;
    return End.LOSS;
  }

  /** Notes that its listener has ended, and returns until when the rest may take. */
  long ended(long nowNanos) {
    phase = Phase.RELEASING;
    return letGo ? nowNanos : byNanos.orElse(nowNanos);
  }

  /** Notes that this node has nothing of it any more, and when to ask again. */
  void free(long nowNanos, long pauseNanos) {
    phase = Phase.FREE;
    lease = Optional.empty();
    tryAtNanos = nowNanos + pauseNanos;
    failed = false;
    byNanos = Optional.empty();
    stopped = false;
    letGo = false;
  }
}
