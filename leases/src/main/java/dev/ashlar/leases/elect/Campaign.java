package dev.ashlar.leases.elect;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.Optional;

/** Does for one node what its candidacy says: asks for leases and gives them back. */
final class Campaign implements Runnable {

  /** A place in a fair store's queue is kept for so long; then asked for again. */
  private static final Duration ASK_MAX = Duration.ofHours(1);

  private final Leases leases;
  private final LeaseName name;
  private final Seat seat;
  private final ElectorOptions options;
  private final TimeSource time;
  private final Observer observer;

  /** What keeps the lease from being given back while listeners are at work. */
  private Optional<Lease.Use> use = Optional.empty();

  Campaign(
      Leases leases, LeaseName name, Seat seat, ElectorOptions options, Elector.Outside outside) {
    this.leases = leases;
    this.name = name;
    this.seat = seat;
    this.options = options;
    this.time = outside.time();
    this.observer = outside.observer();
  }

  @Override
  public void run() {
    for (Candidacy.Step step = seat.nextStep();
        !(step instanceof Candidacy.Step.Stop);
        step = seat.nextStep()) {
      take(step);
    }
  }

  private void take(Candidacy.Step step) {
    try {
      if (step instanceof Candidacy.Step.Stand) {
        stand();
      } else if (step instanceof Candidacy.Step.LetGo letGo) {
        letGo(letGo);
      } else {
        overdue();
      }
    } catch (RuntimeException | Error e) {
      // A store that breaks its contract, or a last resort: the election goes on.
      seat.failed();
      observer.count("election.failed", 1);
    }
  }

  private void stand() {
    Optional<Lease> lease;
    try {
      lease = asked();
    } finally {
      seat.asked();
    }
    lease.ifPresent(this::takeUp);
  }

  private Optional<Lease> asked() {
    try {
      return leases.acquire(name, Deadline.after(ASK_MAX, time)).lease();
    } catch (InterruptedException e) {
      // Resigned, or closed: what to do next says which.
      return Optional.empty();
    } catch (RuntimeException e) {
      observer.count("election.failed", 1);
      seat.failed();
      return Optional.empty();
    }
  }

  private void takeUp(Lease lease) {
    use = lease.use();
    if (seat.granted(new Term(lease))) {
      observer.count("election.elected", 1);
      lease.whenLost(cause -> seat.wake());
    } else {
      use.ifPresent(Lease.Use::close);
      lease.close();
      observer.count("election.declined", 1);
    }
  }

  /** If listeners are at work still, the lease is in use, and so is not given back. */
  private void letGo(Candidacy.Step.LetGo step) {
    Lease lease = step.term().lease();
    seat.letGo(lease.remaining());
    if (step.quiet()) {
      use.ifPresent(Lease.Use::close);
    }
    try {
      long drain = step.quiet() ? Math.max(0, step.byNanos() - time.nanos()) : 0;
      lease.release(Deadline.after(Duration.ofNanos(drain), time));
    } catch (InterruptedException e) {
      observer.count("election.failed", 1);
    } finally {
      use.ifPresent(Lease.Use::close);
    }
  }

  private void overdue() {
    observer.count("election.overdue", 1);
    options.lastResort().run();
  }
}
