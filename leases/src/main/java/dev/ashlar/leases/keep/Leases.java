package dev.ashlar.leases.keep;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

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
 * <p><b>Threads.</b> Safe. Each held lease has a daemon thread that renews it, so that none waits
 * for another.
 *
 * <p><b>Limits.</b> {@value #HELD_MAX} leases at once, because each has a thread.
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

  /** The most leases held at once. */
  public static final int HELD_MAX = 1000;

  private final LeaseStore store;
  private final KeptLease.Keeping keeping;
  private final IdSource ids;
  private final Set<KeptLease> held = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private Leases(LeaseStore store, KeptLease.Keeping keeping, IdSource ids) {
    this.store = store;
    this.keeping = keeping;
    this.ids = ids;
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
    return new Leases(
        requireNonNull(store, "store"),
        new KeptLease.Keeping(
            options.forManyThreads(),
            requireNonNull(time, "time"),
            requireNonNull(observer, "observer")),
        requireNonNull(ids, "ids"));
  }

  /** Returns what the store promises. */
  public Guarantees guarantees() {
    return store.guarantees();
  }

  /**
   * Asks for a lease without waiting for its holder; the deadline is for the store's answer.
   *
   * @throws BackendException if the store does not answer until then
   */
  public Acquisition tryAcquire(LeaseName name, Deadline deadline) throws InterruptedException {
    return new Request(name, deadline, false).run();
  }

  /**
   * Asks for a lease, and waits for its holder until the deadline.
   *
   * @throws BackendException if the store does not answer at the end
   */
  public Acquisition acquire(LeaseName name, Deadline deadline) throws InterruptedException {
    return new Request(name, deadline, true).run();
  }

  /**
   * Gives every lease back, as {@link dev.ashlar.leases.Lease#close()} does, in no more time than
   * one of them may take; what is left then is not renewed any more. A request under way gets no
   * lease, and an {@link IllegalStateException}.
   */
  @Override
  public void close() {
    closed = true;
    LeaseOptions options = keeping.options();
    Deadline drained = Deadline.after(options.drainMax(), keeping.time());
    Deadline told =
        Deadline.after(options.drainMax().plus(options.term().dividedBy(4)), keeping.time());
    try {
      for (KeptLease lease : held) {
        lease.release(drained, told.remaining());
      }
    } catch (InterruptedException e) {
      held.forEach(KeptLease::giveUp);
      Thread.currentThread().interrupt();
    }
  }

  /** One request: a contender, or a line of them, that asks until it is answered. */
  private final class Request {
    private final LeaseName name;
    private final Deadline deadline;
    private final boolean waits;
    private final Duration requestMax;
    private Contender contender;

    /** A request without an answer may have been carried out. */
    private boolean unclear;

    Request(LeaseName name, Deadline deadline, boolean waits) {
      this.name = requireNonNull(name, "name");
      this.deadline = requireNonNull(deadline, "deadline");
      this.waits = waits;
      this.contender = fresh();
      LeaseOptions options = keeping.options();
      Terms asked = new Terms(options.term(), options.driftBound());
      this.requestMax = Duration.ofNanos(asked.requestNanos());
    }

    private Contender fresh() {
      return Contender.of(name, keeping.options().owner(), ids);
    }

    Acquisition run() throws InterruptedException {
      try {
        Optional<Acquisition> end = ask();
        while (end.isEmpty()) {
          end = ask();
        }
        if (end.get() instanceof Acquisition.Held && leavesSomething()) {
          withdraw(contender);
        }
        return end.get();
      } catch (InterruptedException e) {
        withdraw(contender);
        throw e;
      } catch (BackendException e) {
        if (leavesSomething()) {
          withdraw(contender);
        }
        throw e;
      }
    }

    /**
     * A refused contender has a place in a fair store's queue, and an unclear one may have more.
     */
    private boolean leavesSomething() {
      return unclear || store.guarantees().fairness() == Guarantees.Fairness.FIFO;
    }

    private Optional<Acquisition> ask() throws InterruptedException {
      if (closed) {
        throw new IllegalStateException("leases: closed (expected: open)");
      }
      if (held.size() >= HELD_MAX) {
        throw new IllegalStateException(
            "leases: " + HELD_MAX + " held (expected: below " + HELD_MAX + ")");
      }
      long sent = keeping.time().nanos();
      Answer<Grant> answer =
          store.grant(contender, keeping.options().term(), deadline.shortenedTo(requestMax));
      keeping.observer().step("lease.asked");
      if (answer instanceof Answer.Done<Grant> done) {
        return granted(done.value(), sent);
      }
      if (answer instanceof Answer.Refused<Grant> refused) {
        return refused(refused.current());
      }
      return unknown(((Answer.Unknown<Grant>) answer).failure());
    }

    /** An answer that took longer than the term is worth is as good as none. */
    private Optional<Acquisition> granted(Grant grant, long sent) throws InterruptedException {
      KeptLease lease = new KeptLease(store, keeping, grant, sent, held::remove);
      held.add(lease);
      lease.start();
      if (closed) {
        lease.close();
        throw new IllegalStateException("leases: closed (expected: open)");
      }
      if (lease.stillHeld()) {
        keeping.observer().count("lease.granted", 1);
        return Optional.of(new Acquisition.Granted(lease));
      }
      return refused(Optional.empty());
    }

    private Optional<Acquisition> refused(Optional<Grant> current) throws InterruptedException {
      if (current.isEmpty()) {
        unclear = false;
        contender = fresh();
      }
      boolean again = waits || current.isEmpty();
      if (again && current.isPresent() && !deadline.hasExpired()) {
        store.awaitChange(contender, deadline.shortenedTo(poll()));
      }
      return again && !deadline.hasExpired()
          ? Optional.empty()
          : Optional.of(new Acquisition.Held(current));
    }

    private Optional<Acquisition> unknown(BackendException failure) throws InterruptedException {
      unclear |= failure.effect() == Effect.UNKNOWN;
      if (failure.advice() instanceof Advice.Permanent || deadline.hasExpired()) {
        throw unclear ? unclear(failure) : failure;
      }
      Duration pause =
          failure.advice() instanceof Advice.Overloaded overloaded
              ? longer(overloaded.retryAfter(), poll())
              : poll();
      keeping.time().sleep(deadline.shortenedTo(pause).remaining());
      if (deadline.hasExpired()) {
        throw unclear ? unclear(failure) : failure;
      }
      return Optional.empty();
    }

    /** The last failure may have been harmless, but one before it was not. */
    private BackendException unclear(BackendException last) {
      return last.effect() == Effect.UNKNOWN
          ? last
          : new BackendException("lease: no answer", Effect.UNKNOWN, last.advice(), last);
    }

    /** Often enough to keep a place in a queue, which a silent contender loses after a term. */
    private Duration poll() {
      RandomGenerator random = keeping.options().random();
      long nanos =
          Math.min(
              keeping.options().pollEvery().toNanos(),
              keeping.options().term().dividedBy(4).toNanos());
      return Duration.ofNanos((long) (nanos * (0.5 + random.nextDouble())));
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * Takes back what a contender may have been given, in a thread of its own: the caller's time is
   * over, or it was interrupted. Tries until the store answers, or the term ends it anyway.
   */
  private void withdraw(Contender contender) {
    Thread thread = new Thread(() -> withdrawNow(contender), "ashlar-lease-withdraw");
    thread.setDaemon(true);
    thread.start();
  }

  private void withdrawNow(Contender contender) {
    Duration term = keeping.options().term();
    Deadline end = Deadline.after(term, keeping.time());
    try {
      while (!end.hasExpired()
          && store.release(contender, end.shortenedTo(term.dividedBy(4)))
              instanceof Answer.Unknown) {
        keeping.time().sleep(end.shortenedTo(term.dividedBy(12)).remaining());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a JVM that ends.
    }
  }
}
