package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.SimKeeper;
import dev.ashlar.leases.keep.SimKeeper.Todo;
import java.time.Duration;

/**
 * What a worker believes of its lease: the keeper, or, without a defence, somebody who keeps less
 * well.
 */
final class Belief {

  private static final double DRIFT = 1.01;
  private static final long MARGIN_NANOS = 250_000_000L;

  /** What LEASE-15 says of a term, for a drift bound of a per cent and the least margin. */
  private static final long BELIEVED_NANOS =
      (long) (LeaseWorld.TERM.toNanos() / DRIFT) - MARGIN_NANOS;

  private final Form form;
  private final Fence fence;
  private final TimeSource elapsed;
  private final TimeSource time;
  private final SimKeeper keeper;
  private final long renewNanos;
  private long confirmedNanos;
  private boolean toldOtherwise;

  /**
   * Begins with a grant.
   *
   * @param elapsed the worker's clock
   * @param sentNanos by that clock, before the request left
   */
  Belief(Form form, Grant grant, TimeSource elapsed, long sentNanos, LeaseOptions options) {
    this.form = form;
    this.fence = grant.fence();
    this.elapsed = elapsed;
    this.time = form.has(Defence.ELAPSED_CLOCK) ? elapsed : new WallTime(elapsed);
    this.renewNanos = options.term().toNanos() / 3;
    this.confirmedNanos = sentNanos;
    this.keeper = new SimKeeper(promised(grant), counted(sentNanos), options, time);
  }

  Fence fence() {
    return fence;
  }

  /** Returns the grant that the keeper is told. */
  private Grant promised(Grant grant) {
    if (form.has(Defence.STOPS_EARLIER)) {
      return grant;
    }
    long nanos = (long) ((grant.term().toNanos() + MARGIN_NANOS) * DRIFT);
    return new Grant(grant.fence(), Duration.ofNanos(nanos));
  }

  /** Returns from when a request counts, by the clock that measures. */
  private long counted(long sentNanos) {
    if (!form.has(Defence.COUNTS_FROM_SENDING)) {
      return time.nanos();
    }
    return time.nanos() - (elapsed.nanos() - sentNanos);
  }

  /**
   * Returns whether the time of the last confirmed request is over, reckoned without the keeper.
   */
  boolean isOverdue() {
    return elapsed.nanos() - (confirmedNanos + BELIEVED_NANOS) >= 0;
  }

  LeaseState state() {
    LeaseState state = keeper.state();
    boolean clockAlone = keeper.lossCause().filter(LossCause.DEADLINE::equals).isPresent();
    if (!form.has(Defence.OWN_DEADLINE) && clockAlone) {
      return toldOtherwise ? state : LeaseState.SUSPECT;
    }
    return state;
  }

  Todo next() {
    Todo todo = keeper.next();
    if (todo.kind() == Todo.Kind.STOP && state().isHeld()) {
      return new Todo(Todo.Kind.RENEW, renewNanos);
    }
    return todo;
  }

  /** Returns how far off a moment of the measuring clock is. */
  long until(long nanos) {
    return Math.max(1, nanos - time.nanos());
  }

  void answered(Answer<Grant> answer, long sentNanos) {
    if (answer instanceof Answer.Done<Grant> && !isOverdue() && sentNanos - confirmedNanos > 0) {
      confirmedNanos = sentNanos;
    }
    toldOtherwise |= answer instanceof Answer.Refused;
    keeper.answered(
        answer instanceof Answer.Done<Grant> done
            ? new Answer.Done<>(promised(done.value()))
            : answer,
        counted(sentNanos));
  }

  void lose(LossCause cause) {
    toldOtherwise = true;
    keeper.lose(cause);
  }

  void release() {
    toldOtherwise = true;
    keeper.release();
  }
}
