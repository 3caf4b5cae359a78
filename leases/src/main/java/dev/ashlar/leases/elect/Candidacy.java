package dev.ashlar.leases.elect;

import dev.ashlar.leases.LeaseState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/*
 *   AWAY ----- rest is over -----> STANDING ----- granted -----> SERVING
 *    ^                                                             |
 *    |                                    resigned, closed         |  lost
 *    |                                 +---------------------------+--------+
 *    |                                 v                                    |
 *    |                              ENDING, lease held:                     |
 *    |                              until listeners are quiet,              |
 *    |                              or their time is over                   |
 *    |                                 | let go                             |
 *    |                                 v                                    v
 *    +------- listeners quiet ------ ENDING, lease gone <-------------------+
 *                                      | still not quiet when a successor may lead
 *                                      v
 *                                   the last resort, once
 */

/**
 * Where one node stands in an election: a state machine that is told the time and what happened,
 * and does nothing by itself.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
final class Candidacy {

  /** Longer than anything waits for without looking again. */
  static final Duration LOOK_EVERY = Duration.ofHours(1);

  private final long drainNanos;
  private final long overdueNanos;

  private Optional<Office> office = Optional.empty();
  private long awayUntilNanos;
  private long lastNumber;
  private boolean closed;

  Candidacy(Duration drainMax, Duration overdueAfter, long nowNanos) {
    this.drainNanos = drainMax.toNanos();
    this.overdueNanos = overdueAfter.toNanos();
    this.awayUntilNanos = nowNanos;
  }

  /** What to do. */
  sealed interface Step {

    /** Ask for the lease. */
    record Stand() implements Step {}

    /** Nothing while the lease is held. */
    record Serve(Term term) implements Step {}

    /** Nothing before that moment. */
    record Wait(long untilNanos) implements Step {}

    /** Give the lease back; or, if listeners are not done with it, leave it to its term. */
    record LetGo(Term term, boolean quiet, long byNanos) implements Step {}

    /** Listeners are busy with a term that somebody else may have succeeded to. */
    record Overdue(Term term) implements Step {}

    /** Nothing any more. */
    record Stop() implements Step {}
  }

  /**
   * Returns what to do now.
   *
   * @param quiet whether every listener that was told of a term has been told of its end
   */
  Step next(long nowNanos, boolean quiet) {
    if (office.isPresent() && office.get().isGone() && quiet) {
      office = Optional.empty();
    }
    if (office.isPresent()) {
      return office.get().next(nowNanos, quiet);
    }
    if (closed) {
      return new Step.Stop();
    }
    return isAway(nowNanos) ? new Step.Wait(awayUntilNanos) : new Step.Stand();
  }

  private boolean isAway(long nowNanos) {
    return awayUntilNanos - nowNanos > 0;
  }

  /**
   * Takes a lease up, unless this node is away by now, or the number is no larger than one that it
   * led with: then the store's numbers went back.
   *
   * @param pauseNanos how long not to stand after such a number
   * @return whether the term is current now
   */
  boolean granted(Term term, long pauseNanos, long nowNanos) {
    if (closed || isAway(nowNanos)) {
      return false;
    }
    if (term.number() <= lastNumber) {
      away(pauseNanos, nowNanos);
      return false;
    }
    lastNumber = term.number();
    office = Optional.of(new Office(term));
    return true;
  }

  /**
   * Looks at the lease: whoever does so first notes that it is over.
   *
   * @param pauseNanos makes a length of a pause, for how long not to stand after a loss
   * @return whether this was the first look since
   */
  boolean look(LongSupplier pauseNanos, long nowNanos) {
    Optional<Term> over = held().filter(term -> !term.stillHeld());
    if (over.isPresent()) {
      boolean lost = over.get().lease().state() == LeaseState.LOST;
      lost(lost ? EndCause.LOST : EndCause.RESIGNED, pauseNanos.getAsLong(), nowNanos);
    }
    return over.isPresent();
  }

  /** Notes that the lease is over. */
  void lost(EndCause cause, long pauseNanos, long nowNanos) {
    if (serving().isPresent()) {
      away(pauseNanos, nowNanos);
    }
    office.ifPresent(one -> one.gone(cause, nowNanos + overdueNanos));
  }

  /** Notes that there was no answer that asking again at once would mend. */
  void failed(long pauseNanos, long nowNanos) {
    away(pauseNanos, nowNanos);
  }

  void resigned(Duration coolDown, long nowNanos) {
    away(coolDown.toNanos(), nowNanos);
    office.ifPresent(one -> one.ends(EndCause.RESIGNED, nowNanos + drainNanos));
  }

  void closed(long nowNanos) {
    closed = true;
    office.ifPresent(one -> one.ends(EndCause.CLOSED, nowNanos + drainNanos));
  }

  /**
   * Notes that the lease was given back, or left to its term.
   *
   * @param leftNanos for how long at most nobody else is granted it
   */
  void letGo(long leftNanos, long nowNanos) {
    office.ifPresent(one -> one.gone(EndCause.RESIGNED, nowNanos + leftNanos + overdueNanos));
  }

  private void away(long nanos, long nowNanos) {
    long until = nowNanos + nanos;
    awayUntilNanos = until - awayUntilNanos > 0 ? until : awayUntilNanos;
  }

  /** Returns the term that listeners have to know of, current or ended. */
  Optional<Office> office() {
    return office;
  }

  /** Returns the term that has not ended, as far as this has been told. */
  Optional<Term> serving() {
    return office.filter(one -> one.cause().isEmpty()).map(Office::term);
  }

  /** Returns the term that is current, by the clock. */
  Optional<Term> current() {
    return serving().filter(Term::stillHeld);
  }

  /** Returns the term whose lease is held, as far as anybody has looked. */
  Optional<Term> held() {
    return office.filter(one -> !one.isGone()).map(Office::term);
  }

  boolean isClosed() {
    return closed;
  }
}
