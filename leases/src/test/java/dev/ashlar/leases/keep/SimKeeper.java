package dev.ashlar.leases.keep;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import java.time.Duration;
import java.util.Optional;

/**
 * The keeper, for whoever stands in another package: a simulated world asks it what a lease's
 * thread asks it. Nothing else here touches it.
 */
public final class SimKeeper {

  private final Keeper keeper;
  private final TimeSource time;

  /** Begins with a grant, as a lease does. */
  public SimKeeper(Grant grant, long sentNanos, LeaseOptions options, TimeSource time) {
    this.keeper = new Keeper(grant, sentNanos, options);
    this.time = time;
  }

  /** What to do, and by when: ask again at that moment, or renew and wait so long, or stop. */
  public record Todo(Kind kind, long nanos) {

    /** What to do. */
    public enum Kind {
      /** Ask again at the moment. */
      WAIT,
      /** Ask the store; its answer is of use for so long. */
      RENEW,
      /** Nothing any more. */
      STOP
    }
  }

  /** Returns what to do now. */
  public Todo next() {
    Keeper.Step step = keeper.next(time.nanos());
    if (step instanceof Keeper.Step.Wait wait) {
      return new Todo(Todo.Kind.WAIT, wait.untilNanos());
    }
    return step instanceof Keeper.Step.Renew renew
        ? new Todo(Todo.Kind.RENEW, renew.timeoutNanos())
        : new Todo(Todo.Kind.STOP, 0);
  }

  /** Returns where the lease stands now. */
  public LeaseState state() {
    return keeper.state(time.nanos());
  }

  /** Returns why it was lost, if it was. */
  public Optional<LossCause> lossCause() {
    return keeper.lossCause(time.nanos());
  }

  /** Hands an answer to a renewal on. */
  public void answered(Answer<Grant> answer, long sentNanos) {
    keeper.answered(answer, sentNanos, time.nanos());
  }

  /** Takes the lease as lost. */
  public void lose(LossCause cause) {
    keeper.lose(cause, time.nanos());
  }

  /** Gives the lease up. */
  public void release() {
    keeper.release(time.nanos());
  }

  /** Returns how long a request to the store may take. */
  public static Duration requestMax(LeaseOptions options) {
    return Duration.ofNanos(new Terms(options.term(), options.driftBound()).requestNanos());
  }
}
