package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.SimKeeper;
import dev.ashlar.leases.keep.SimKeeper.Pauses;
import dev.ashlar.leases.keep.SimKeeper.Todo;
import java.time.Duration;
import java.util.Optional;

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
  private final Mind mind;
  private final long renewNanos;
  private long confirmedNanos;
  private boolean toldOtherwise;

  /**
   * Begins with a grant.
   *
   * @param mind of its worker
   * @param sent before the request left
   */
  Belief(Mind mind, Grant grant, Mind.Moment sent) {
    this.mind = mind;
    this.form = mind.form();
    this.fence = grant.fence();
    this.elapsed = mind.elapsed();
    this.time = form.has(Defence.ELAPSED_CLOCK) ? elapsed : new WallTime(elapsed);
    this.renewNanos = mind.options().term().toNanos() / 3;
    this.confirmedNanos = sent.nanos();
    this.keeper = new SimKeeper(promised(grant), counted(sent.nanos()), mind.options(), time);
    if (form.has(Defence.PAUSE_WATCH)) {
      keeper.watch(mind.pauses(), sent.pauses());
    }
  }

  /**
   * What a process knows of itself.
   *
   * @param elapsed its clock
   * @param pauses how often it stood still
   */
  record Mind(Form form, LeaseOptions options, TimeSource elapsed, Pauses pauses) {

    /** A moment by the process's clock, and how often it had stood still by then. */
    record Moment(long nanos, long pauses) {}

    Moment now() {
      long count = form.has(Defence.PAUSE_WATCH) ? pauses.count() : 0;
      return new Moment(elapsed.nanos(), count);
    }
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
    return believed(keeper.state());
  }

  /** Returns whether it is held, for whoever looks from outside. */
  boolean isHeld() {
    return believed(keeper.glance()).isHeld();
  }

  private LeaseState believed(LeaseState state) {
    boolean clockAlone = keeper.lossCause().filter(LossCause.DEADLINE::equals).isPresent();
    if (!form.has(Defence.OWN_DEADLINE) && clockAlone) {
      return toldOtherwise ? state : LeaseState.SUSPECT;
    }
    return state;
  }

  /** Returns why it was lost, if it was. */
  Optional<LossCause> lossCause() {
    return isHeld() ? Optional.empty() : keeper.lossCause();
  }

  /** Returns for how long it is held without a word; who does not go by its clock asks then. */
  Duration remaining() {
    Duration remaining = keeper.remaining();
    return remaining.isZero() && isHeld() ? Duration.ofNanos(renewNanos) : remaining;
  }

  /** Takes a planned wake-up of the process into account; returns when the next one is. */
  Duration tick() {
    mind.pauses().tick();
    return mind.pauses().tickEvery();
  }

  /** Returns, once after a pause, that there may be something to do. */
  boolean hasStood() {
    return keeper.hasStood();
  }

  /** Returns whether others need not wait for the end of a term that nobody believes in. */
  boolean isGivenBackWhenLost() {
    return mind.options().lockDelay().isZero();
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

  void progressed() {
    keeper.progressed();
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
