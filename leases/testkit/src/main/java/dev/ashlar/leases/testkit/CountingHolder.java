package dev.ashlar.leases.testkit;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.Leases;
import java.io.PrintStream;
import java.time.Duration;

/**
 * A process that gets a lease, claims a number and counts it up, for as long as it is let: what the
 * children of {@link ProcessContract} run.
 *
 * <p>Each line says what has happened: {@code granted TOKEN}, {@code claimed TOKEN}, {@code counted
 * TOKEN VALUE} after a commit, {@code unknown TOKEN VALUE} after one that failed, {@code ended
 * CAUSE}. The exit value says the cause too, see {@link #exitValue}.
 *
 * <p><b>Threads.</b> One thread only.
 *
 * @param <T> the transaction of what is guarded
 */
public final class CountingHolder<T> {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN = Duration.ofMillis(2);

  private final Leases leases;
  private final Guard<T> guard;
  private final GuardedData<T> data;
  private final TimeSource time;
  private final PrintStream out;

  /**
   * Makes a holder of leases for a resource.
   *
   * @param out where it says what has happened: the child's standard output
   */
  public CountingHolder(
      Leases leases, Guard<T> guard, GuardedData<T> data, TimeSource time, PrintStream out) {
    this.leases = requireNonNull(leases, "leases");
    this.guard = requireNonNull(guard, "guard");
    this.data = requireNonNull(data, "data");
    this.time = requireNonNull(time, "time");
    this.out = requireNonNull(out, "out");
  }

  /** Returns the exit value of a holder that lost its lease. */
  public static int exitValue(LossCause cause) {
    return switch (cause) {
      case DEADLINE -> 20;
      case EXPIRED -> 21;
      case SUPERSEDED -> 22;
      case STALLED -> 23;
      case FENCED_BY_RESOURCE -> 24;
      case BACKEND_RESET -> 25;
    };
  }

  /** Counts until the lease is lost, and returns the exit value. */
  public int run(LeaseName name, String resource) throws Exception {
    Lease lease = leases.acquire(name, soon()).lease().orElseThrow();
    out.println("granted " + lease.token().value());
    Fenced<Claim<T>> claimed = guard.claim(resource, lease, soon());
    if (claimed instanceof Fenced.Accepted<Claim<T>> accepted) {
      out.println("claimed " + lease.token().value());
      while (counts(accepted.value(), resource)) {
        time.sleep(BETWEEN);
      }
    }
    LossCause cause = lease.lossCause().orElseThrow();
    out.println("ended " + cause);
    return exitValue(cause);
  }

  private boolean counts(Claim<T> claim, String resource) {
    T tx;
    try {
      tx = data.begin();
    } catch (Exception e) {
      // There is no way to the server: asked again, until there is one.
      return true;
    }
    return counts(tx, claim, resource);
  }

  private boolean counts(T tx, Claim<T> claim, String resource) {
    Fenced<Long> counted;
    try {
      counted = claim.write(tx, () -> oneMore(tx, resource));
    } catch (Exception e) {
      // The server has ended a transaction that stood still, or did not answer: asked again, for as
      // long as the lease is held.
      rollback(tx);
      return true;
    }
    if (counted instanceof Fenced.Accepted<Long> accepted) {
      commit(tx, claim, accepted.value());
      return true;
    }
    rollback(tx);
    return false;
  }

  private void rollback(T tx) {
    try {
      data.rollback(tx);
    } catch (Exception e) {
      // There is nothing left to undo.
    }
  }

  /** A commit that fails was carried out, or not; nobody is told that it was. */
  private void commit(T tx, Claim<T> claim, long value) {
    try {
      data.commit(tx);
    } catch (BackendException e) {
      if (e.effect() == Effect.UNKNOWN) {
        out.println("unknown " + claim.fence().token().value() + " " + value);
      }
      return;
    } catch (Exception e) {
      out.println("unknown " + claim.fence().token().value() + " " + value);
      return;
    }
    out.println("counted " + claim.fence().token().value() + " " + value);
  }

  private long oneMore(T tx, String resource) throws Exception {
    long value = data.read(tx, resource) + 1;
    data.write(tx, resource, value);
    return value;
  }

  private Deadline soon() {
    return Deadline.after(PATIENCE, time);
  }
}
