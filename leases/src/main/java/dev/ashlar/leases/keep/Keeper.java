package dev.ashlar.leases.keep;

import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One lease's state, as its holder may believe: a state machine that is told the time and the
 * answers, and does nothing by itself.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
final class Keeper {

  private final Fence fence;
  private final double driftBound;
  private final RandomGenerator random;
  private final Duration lockDelay;
  private final Optional<Duration> stallMax;

  // The last confirmed request, and what follows from it; see the drawing in Terms.
  private Terms terms;
  private long confirmedNanos;
  private long deadlineNanos;
  private long renewAtNanos;

  /** The last request was not answered. */
  private boolean doubtful;

  /** This process stood still, and no request that was sent since is confirmed. */
  private boolean stood;

  private long stoodNanos;
  private long progressedNanos;

  private Optional<LossCause> lost = Optional.empty();
  private boolean released;

  /**
   * Begins with a grant.
   *
   * @param grant what the store answered
   * @param sentNanos before the request was sent
   */
  Keeper(Grant grant, long sentNanos, LeaseOptions options) {
    this.fence = grant.fence();
    this.driftBound = options.driftBound();
    this.random = options.random();
    this.lockDelay = options.lockDelay();
    this.stallMax = options.stallMax();
    this.terms = terms(grant);
    this.confirmedNanos = sentNanos;
    this.deadlineNanos = sentNanos + terms.believedNanos();
    this.renewAtNanos = sentNanos + terms.renewNanos(random);
    this.progressedNanos = sentNanos;
  }

  /** The store's term is longer than the holder's by the delay. */
  private Terms terms(Grant grant) {
    Duration believed = grant.term().minus(lockDelay);
    return new Terms(believed.isNegative() ? Duration.ZERO : believed, driftBound);
  }

  /** What to do. */
  sealed interface Step {

    /** Nothing before that moment. */
    record Wait(long untilNanos) implements Step {}

    /** Ask the store for another term; an answer is of use for that long. */
    record Renew(long timeoutNanos) implements Step {}

    /** Nothing any more. */
    record Stop() implements Step {}
  }

  /** Returns what to do now. */
  Step next(long nowNanos) {
    return next(nowNanos, 0);
  }

  /**
   * Returns what to do now, a renewal also if it is due a little later: together with others it
   * costs nothing.
   */
  Step next(long nowNanos, long aheadNanos) {
    if (!state(nowNanos).isHeld()) {
      return new Step.Stop();
    }
    if (renewAtNanos - nowNanos > aheadNanos) {
      return new Step.Wait(earlier(renewAtNanos, endNanos()));
    }
    return new Step.Renew(Math.min(terms.requestNanos(), deadlineNanos - nowNanos));
  }

  /** Returns when it is over if nothing is heard, of the store or of the work. */
  long endNanos() {
    return stallMax
        .map(max -> earlier(progressedNanos + max.toNanos(), deadlineNanos))
        .orElse(deadlineNanos);
  }

  private static long earlier(long one, long other) {
    return one - other < 0 ? one : other;
  }

  /** Returns where the lease stands; once over, for ever. */
  LeaseState state(long nowNanos) {
    if (released) {
      return LeaseState.RELEASED;
    }
    long endNanos = endNanos();
    if (lost.isEmpty() && nowNanos - endNanos >= 0) {
      lost = Optional.of(endNanos == deadlineNanos ? LossCause.DEADLINE : LossCause.STALLED);
    }
    if (lost.isPresent()) {
      return LeaseState.LOST;
    }
    boolean late = nowNanos - confirmedNanos >= terms.suspectNanos();
    return doubtful || stood || late ? LeaseState.SUSPECT : LeaseState.HELD;
  }

  Optional<LossCause> lossCause(long nowNanos) {
    return state(nowNanos) == LeaseState.LOST ? lost : Optional.empty();
  }

  Duration remaining(long nowNanos) {
    return state(nowNanos).isHeld() ? Duration.ofNanos(endNanos() - nowNanos) : Duration.ZERO;
  }

  /** Returns how long a request to the store may take. */
  Duration requestMax() {
    return Duration.ofNanos(terms.requestNanos());
  }

  /**
   * Takes the answer to a renewal into account. One that comes when the lease is over revives
   * nothing.
   *
   * @param sentNanos before the request was sent
   */
  void answered(Answer<Grant> answer, long sentNanos, long nowNanos) {
    if (!state(nowNanos).isHeld()) {
      return;
    }
    if (answer instanceof Answer.Done<Grant> done) {
      confirmed(done.value(), sentNanos, nowNanos);
    } else if (answer instanceof Answer.Refused<Grant> refused) {
      lose(refused.current().isPresent() ? LossCause.SUPERSEDED : LossCause.EXPIRED, nowNanos);
    } else {
      doubtful = true;
      renewAtNanos = nowNanos + terms.retryNanos();
    }
  }

  /** Of two requests under way at once, the later one counts, whichever is answered last. */
  private void confirmed(Grant grant, long sentNanos, long nowNanos) {
    if (!grant.fence().equals(fence)) {
      lose(LossCause.BACKEND_RESET, nowNanos);
      return;
    }
    doubtful = false;
    stood = stood && sentNanos - stoodNanos < 0;
    if (sentNanos - confirmedNanos >= 0) {
      terms = terms(grant);
      confirmedNanos = sentNanos;
      long deadline = sentNanos + terms.believedNanos();
      deadlineNanos = deadline - deadlineNanos > 0 ? deadline : deadlineNanos;
      // What was under way when this process stood still does not remove the doubt: ask at once.
      renewAtNanos = stood ? nowNanos : sentNanos + terms.renewNanos(random);
    }
  }

  /**
   * Notes that this process stood still, by whatever clock: only the store knows what it missed.
   */
  void paused(long nowNanos) {
    stood = true;
    stoodNanos = nowNanos;
    renewAtNanos = earlier(renewAtNanos, nowNanos);
  }

  /** Notes that the work goes on. */
  void progressed(long nowNanos) {
    if (state(nowNanos).isHeld()) {
      progressedNanos = nowNanos;
    }
  }

  void lose(LossCause cause, long nowNanos) {
    if (state(nowNanos).isHeld()) {
      lost = Optional.of(cause);
    }
  }

  void release(long nowNanos) {
    if (state(nowNanos).isHeld()) {
      released = true;
    }
  }
}
