package dev.ashlar.leases.keep;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Gets leases from a store, and keeps them until they are closed.
 *
 * <p>Two requests of one process are two contenders: leases are not re-entrant, and belong to no
 * thread.
 *
 * <p><b>Guarantees.</b> A lease that is handed out was granted to this request; an answer that got
 * lost is asked for again with the same nonce, never guessed (LEASE-22, LEASE-23). A request that
 * ends without a lease uses up at most one token, and what the store may still have granted to it
 * is given back or ends with its term (LEASE-10).
 *
 * <p><b>Not guaranteed.</b> That waiting ever ends with the lease, unless the store is {@linkplain
 * Guarantees.Fairness#FIFO fair} and holders come to an end.
 *
 * <p><b>Failures.</b> {@link BackendException} if the store did not answer until the deadline; that
 * somebody else holds the lease is a return value.
 *
 * <p><b>Threads.</b> Safe. One timer says when to renew; requests to the store run in daemon
 * threads of their own, a batch of leases in each where the store takes batches, so that a request
 * that hangs delays no other (LEASE-21), and so do listeners (LEASE-30). A listener runs in no
 * thread that renews. Closing ends all threads (LEASE-36).
 *
 * <p><b>Limits.</b> {@value #HELD_MAX} leases at once, or {@value #HELD_SINGLY_MAX} in a store that
 * extends each by itself, because each may then need a thread.
 *
 * <pre>{@code
 * Acquisition answer = leases.acquire(new LeaseName("nightly"), deadline);
 * if (answer instanceof Acquisition.Granted granted) {
 *   try (Lease lease = granted.granted()) {
 *     settle(lease);
 *   }
 * }
 * }</pre>
 */
public final class Leases implements AutoCloseable {

  /** The most leases held at once, in a store that extends several with one request. */
  public static final int HELD_MAX = 10_000;

  /** The most leases held at once in another store: each may wait for it in a thread. */
  public static final int HELD_SINGLY_MAX = 1000;

  private final Keeping keeping;
  private final IdSource ids;
  private final int heldMax;
  private final Renewals renewals;
  private volatile boolean closed;

  private Leases(Keeping keeping, IdSource ids) {
    this.keeping = keeping;
    this.ids = ids;
    this.heldMax = keeping.store().extendMax() > 1 ? HELD_MAX : HELD_SINGLY_MAX;
    // Each lease is renewed, or is over: then its listeners and the store are told.
    this.renewals = new Renewals(keeping, 3 * heldMax);
  }

  /**
   * Returns the leases of one owner.
   *
   * @param store where they are granted
   * @param options how they are asked for and kept
   * @param ids makes the nonces, so never two sources with the same seed: {@link IdSource#system()}
   *     unless in a test
   * @param time whose elapsed clock counts
   * @param observer is told of renewals and losses
   */
  public static Leases of(
      LeaseStore store, LeaseOptions options, IdSource ids, TimeSource time, Observer observer) {
    Keeping keeping =
        new Keeping(
            requireNonNull(store, "store"),
            options.forManyThreads(),
            requireNonNull(time, "time"),
            requireNonNull(observer, "observer"));
    return new Leases(keeping, requireNonNull(ids, "ids"));
  }

  /** Returns what the store promises. */
  public Guarantees guarantees() {
    return keeping.store().guarantees();
  }

  /**
   * Asks for a lease without waiting for its holder; the deadline is for the store's answer.
   *
   * @throws BackendException if the store does not answer until then
   */
  public Acquisition tryAcquire(LeaseName name, Deadline deadline) throws InterruptedException {
    return request(name, deadline).run(false);
  }

  /**
   * Asks for a lease, and waits for its holder until the deadline. A last question that the
   * deadline itself cuts short leaves the answer to the one before.
   *
   * @throws BackendException if the store does not answer at the end
   */
  public Acquisition acquire(LeaseName name, Deadline deadline) throws InterruptedException {
    return request(name, deadline).run(true);
  }

  private Request request(LeaseName name, Deadline deadline) {
    if (renewals.size() >= heldMax) {
      throw new IllegalStateException(
          "leases: " + heldMax + " held (expected: below " + heldMax + ")");
    }
    Desk desk = new Desk(keeping, renewals, ids, () -> closed);
    return new Request(desk, requireNonNull(name, "name"), requireNonNull(deadline, "deadline"));
  }

  /** Where requests are made. */
  record Desk(Keeping keeping, Renewals renewals, IdSource ids, BooleanSupplier closed) {}

  /**
   * Asks for a lease as {@link #acquire} does, runs work under it in a thread of its own, with the
   * caller's {@link dev.ashlar.core.CallContext}, and gives the lease back. When the lease is lost,
   * the work is interrupted and waited for, as long as the options let closing wait; work that does
   * not heed it goes on beside this call's end, which says so.
   *
   * @param deadline of the waiting for the lease; the work takes as long as it takes
   * @param work does not close the lease
   * @throws X as the work does, while it has the lease
   * @throws BackendException if the store does not answer
   * @throws InterruptedException if interrupted; the work is interrupted too
   * @throws IllegalStateException if this is closed while the work goes on
   */
  public <R, X extends Exception> Scoped<R> call(LeaseName name, Deadline deadline, Work<R, X> work)
      throws X, InterruptedException {
    requireNonNull(work, "work");
    Acquisition answer = acquire(name, deadline);
    if (answer instanceof Acquisition.Held held) {
      return new Scoped.NotGranted<>(held.current());
    }
    KeptLease lease = (KeptLease) ((Acquisition.Granted) answer).granted();
    try {
      Scoped<R> end = new Scope<>(keeping, lease, work).run();
      lease.close();
      return end;
    } catch (Throwable e) {
      // Work that was interrupted may go on for a moment, and its caller does not wait for it.
      renewals.run(lease::close);
      throw e;
    }
  }

  /**
   * What is done under a lease.
   *
   * @param <R> its result
   * @param <X> how it fails
   */
  @FunctionalInterface
  public interface Work<R, X extends Exception> {

    /** Does it; an interruption means that the lease is lost, or nobody waits any more. */
    R run(Lease lease) throws X, InterruptedException;
  }

  /**
   * Looks who has a lease, for people and their tools.
   *
   * @return the grant that lasts, if any
   * @throws BackendException if the store does not answer until the deadline
   */
  public Optional<Grant> inspect(LeaseName name, Deadline deadline) throws InterruptedException {
    Answer<Optional<Grant>> answer = keeping.store().inspect(name, deadline);
    if (answer instanceof Answer.Unknown<Optional<Grant>> unknown) {
      throw unknown.failure();
    }
    return answer instanceof Answer.Done<Optional<Grant>> done ? done.value() : Optional.empty();
  }

  /**
   * Gives every lease back, as {@link Lease#close()} does, in no more time than one of them may
   * take; what is left then is not renewed any more. A request under way gets no lease, and an
   * {@link IllegalStateException}. No thread of this object goes on for longer than its store, or a
   * listener, takes.
   */
  @Override
  public void close() {
    closed = true;
    List<KeptLease> held = renewals.all();
    try {
      new Closing(renewals, held, keeping.options(), keeping.time()).run();
    } catch (InterruptedException e) {
      held.forEach(KeptLease::giveUp);
      Thread.currentThread().interrupt();
    } finally {
      renewals.stop();
    }
  }
}
