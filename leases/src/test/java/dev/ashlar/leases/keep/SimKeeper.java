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
  private Optional<Pauses> pauses = Optional.empty();
  private long pausesSeen;
  private boolean stood;

  /** Begins with a grant, as a lease does. */
  public SimKeeper(Grant grant, long sentNanos, LeaseOptions options, TimeSource time) {
    this.keeper = new Keeper(grant, sentNanos, options);
    this.time = time;
  }

  /**
   * Looks out for pauses from now on.
   *
   * @param watch of the whole process
   * @param seen how many there were before the request was sent
   */
  public void watch(Pauses watch, long seen) {
    pauses = Optional.of(watch);
    pausesSeen = seen;
  }

  /** How often a process stood still, as the renewals of its leases know it. */
  public static final class Pauses {
    private final PauseWatch watch;
    private final TimeSource time;
    private final Duration tick;

    /** Begins, with the lengths that renewals have. */
    public Pauses(LeaseOptions options, TimeSource time) {
      this.time = time;
      this.tick = options.term().dividedBy(16);
      this.watch = new PauseWatch(tick, options.term().dividedBy(4), time.nanos(), time.wallTime());
    }

    /** Returns how often {@link #tick} is planned. */
    public Duration tickEvery() {
      return tick;
    }

    /** Takes a planned wake-up into account. */
    public void tick() {
      long unused = watch.tick(time.nanos(), time.wallTime());
    }

    /** Returns how many there were so far. */
    public long count() {
      return watch.look(time.nanos(), time.wallTime());
    }
  }

  /** Whoever looks first after a pause takes it into account. */
  private void look() {
    if (pauses.isEmpty()) {
      return;
    }
    long count = pauses.get().count();
    if (count > pausesSeen) {
      pausesSeen = count;
      stood = true;
      keeper.paused(time.nanos());
    }
  }

  /** Returns, once after a pause, that the lease is to be looked at. */
  public boolean hasStood() {
    look();
    boolean is = stood;
    stood = false;
    return is;
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
    look();
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
    look();
    return glance();
  }

  /** Returns where the lease stands for whoever looks from outside, and must not disturb. */
  public LeaseState glance() {
    return keeper.state(time.nanos());
  }

  /** Returns for how long the holder may still act. */
  public Duration remaining() {
    return keeper.remaining(time.nanos());
  }

  /** Returns why it was lost, if it was. */
  public Optional<LossCause> lossCause() {
    return keeper.lossCause(time.nanos());
  }

  /** Hands an answer to a renewal on. */
  public void answered(Answer<Grant> answer, long sentNanos) {
    look();
    keeper.answered(answer, sentNanos, time.nanos());
  }

  /** Notes that the work goes on. */
  public void progressed() {
    keeper.progressed(time.nanos());
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

  /** Returns for how long the store is asked. */
  public static Duration askedTerm(LeaseOptions options) {
    return options.askedTerm();
  }
}
