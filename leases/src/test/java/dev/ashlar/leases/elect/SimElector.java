package dev.ashlar.leases.elect;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import java.time.Duration;
import java.util.Optional;

/**
 * What one node of an election decides, and tells its listener, for whoever stands in another
 * package: a simulated world asks it what an elector's two threads ask. Nothing else here touches
 * it.
 */
public final class SimElector {

  private final ElectorOptions options;
  private final TimeSource time;
  private final boolean waits;
  private final Candidacy candidacy;
  private final Roll roll = new Roll();

  /**
   * Begins.
   *
   * @param waits whether a listener's call is waited for; an elector does
   */
  public SimElector(ElectorOptions options, TimeSource time, TermListener listener, boolean waits) {
    this.options = options;
    this.time = time;
    this.waits = waits;
    this.candidacy = new Candidacy(options.drainMax(), options.overdueAfter(), time.nanos());
    roll.add(listener);
  }

  /**
   * What to do.
   *
   * @param within when to look again at the latest, if there is nothing to do
   * @param term whose lease is let go, if one is
   */
  public record Todo(Kind kind, Duration within, Optional<Term> term) {

    /** What to do. */
    public enum Kind {
      /** Ask for the lease. */
      STAND,
      /** Nothing before the moment. */
      WAIT,
      /** Give the lease back. */
      GIVE_BACK,
      /** Leave the lease to its term. */
      LEAVE,
      /** The last resort. */
      OVERDUE
    }
  }

  // What the thread asks that stands.

  /** Returns what to do now. */
  public Todo next() {
    look();
    Candidacy.Step step = candidacy.next(time.nanos(), !waits || roll.isQuiet());
    if (step instanceof Candidacy.Step.Stand) {
      return new Todo(Todo.Kind.STAND, Duration.ZERO, Optional.empty());
    } else if (step instanceof Candidacy.Step.LetGo letGo) {
      Todo.Kind kind = letGo.quiet() ? Todo.Kind.GIVE_BACK : Todo.Kind.LEAVE;
      return new Todo(kind, Duration.ZERO, Optional.of(letGo.term()));
    } else if (step instanceof Candidacy.Step.Overdue overdue) {
      return new Todo(Todo.Kind.OVERDUE, Duration.ZERO, Optional.of(overdue.term()));
    }
    return new Todo(Todo.Kind.WAIT, within(step), Optional.empty());
  }

  private Duration within(Candidacy.Step step) {
    Duration untilLook =
        candidacy.held().map(term -> term.lease().remaining()).orElse(Candidacy.LOOK_EVERY);
    if (step instanceof Candidacy.Step.Wait wait) {
      Duration untilThen = Duration.ofNanos(Math.max(0, wait.untilNanos() - time.nanos()));
      return untilThen.compareTo(untilLook) < 0 ? untilThen : untilLook;
    }
    return untilLook;
  }

  /** Takes a lease up, unless it came too late or with too small a number. */
  public boolean granted(Lease lease) {
    return candidacy.granted(new Term(lease), options.pauseNanos(), time.nanos());
  }

  /** Notes that the lease is about to be given back, or left to its term. */
  public void letsGo(Term term) {
    look();
    candidacy.letGo(term.lease().remaining().toNanos(), time.nanos());
  }

  // What users ask.

  /** Gives up leading, or standing. */
  public void resign() {
    look();
    candidacy.resigned(options.coolDown(), time.nanos());
  }

  /** Returns the term, if this node leads now, by the clock. */
  public Optional<Term> currentTerm() {
    return candidacy.current();
  }

  // What the thread asks that tells.

  /** Returns whether a term has not ended, as far as anybody has looked. */
  public boolean serves() {
    look();
    return candidacy.serving().isPresent();
  }

  /** Returns what to tell next, if there is anything to tell. */
  public Optional<Call> nextCall() {
    look();
    return roll.next(candidacy.office()).map(Call::new);
  }

  private void look() {
    boolean unused = candidacy.look(options::pauseNanos, time.nanos());
  }

  /** A call of the listener. */
  public static final class Call {
    private final Roll.Notice notice;

    private Call(Roll.Notice notice) {
      this.notice = notice;
    }

    /** Returns whether it tells of a term's beginning. */
    public boolean isBeginning() {
      return notice.end().isEmpty();
    }

    /** Makes it. */
    public void begin() throws Exception {
      notice.tell();
    }

    /** Notes that it has returned. */
    public void end() {
      notice.done().run();
    }
  }
}
