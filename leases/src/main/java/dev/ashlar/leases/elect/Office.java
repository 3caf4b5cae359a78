package dev.ashlar.leases.elect;

import java.util.Optional;

/**
 * One term, from its grant until every listener knows its end.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
final class Office {

  private final Term term;
  private Optional<EndCause> cause = Optional.empty();

  /** The lease is lost, given back, or left to its term. */
  private boolean gone;

  /** Until when listeners may take: with the lease held, and then without it. */
  private long byNanos;

  private boolean overdueTold;

  Office(Term term) {
    this.term = term;
  }

  Term term() {
    return term;
  }

  /** Returns why it ended; empty while it goes on. */
  Optional<EndCause> cause() {
    return cause;
  }

  boolean isGone() {
    return gone;
  }

  Candidacy.Step next(long nowNanos, boolean quiet) {
    if (cause.isEmpty()) {
      return new Candidacy.Step.Serve(term);
    }
    boolean late = nowNanos - byNanos >= 0;
    if (!gone) {
      return quiet || late
          ? new Candidacy.Step.LetGo(term, quiet, byNanos)
          : new Candidacy.Step.Wait(byNanos);
    }
    if (late && !overdueTold) {
      overdueTold = true;
      return new Candidacy.Step.Overdue(term);
    }
    return new Candidacy.Step.Wait(
        overdueTold ? nowNanos + Candidacy.LOOK_EVERY.toNanos() : byNanos);
  }

  void ends(EndCause why, long untilNanos) {
    if (cause.isEmpty()) {
      cause = Optional.of(why);
      byNanos = untilNanos;
    }
  }

  void gone(EndCause why, long untilNanos) {
    if (!gone) {
      cause = cause.or(() -> Optional.of(why));
      gone = true;
      byNanos = untilNanos;
    }
  }
}
