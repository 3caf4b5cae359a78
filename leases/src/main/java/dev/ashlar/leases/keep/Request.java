package dev.ashlar.leases.keep;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** One request for a lease: a contender, or a line of them, that asks until it is answered. */
final class Request {

  private final Keeping keeping;
  private final LeaseStore store;
  private final Renewals renewals;
  private final IdSource ids;
  private final BooleanSupplier closed;
  private final LeaseName name;
  private final Deadline deadline;
  private final Duration requestMax;
  private Contender contender;

  /** A request without an answer may have been carried out. */
  private boolean unclear;

  /** Whose the lease is, by the last answer, unless a request failed since. */
  private Optional<Grant> others = Optional.empty();

  Request(Leases.Desk desk, LeaseName name, Deadline deadline) {
    this.keeping = desk.keeping();
    this.store = keeping.store();
    this.renewals = desk.renewals();
    this.ids = desk.ids();
    this.closed = desk.closed();
    this.name = name;
    this.deadline = deadline;
    LeaseOptions options = keeping.options();
    Terms asked = new Terms(options.term(), options.driftBound());
    this.requestMax = Duration.ofNanos(asked.requestNanos());
    this.contender = fresh();
  }

  private Contender fresh() {
    return Contender.of(name, keeping.options().owner(), ids);
  }

  /**
   * Asks until there is an answer.
   *
   * @param waits whether to go on asking while somebody else has the lease
   */
  Acquisition run(boolean waits) throws InterruptedException {
    try {
      Optional<Acquisition> end = ask(waits);
      while (end.isEmpty()) {
        end = ask(waits);
      }
      if (end.get() instanceof Acquisition.Held && leavesSomething()) {
        withdraw();
      }
      return end.get();
    } catch (InterruptedException e) {
      withdraw();
      throw e;
    } catch (BackendException e) {
      if (leavesSomething()) {
        withdraw();
      }
      throw e;
    }
  }

  /** A refused contender has a place in a fair store's queue, and an unclear one may have more. */
  private boolean leavesSomething() {
    return unclear || store.guarantees().fairness() == Guarantees.Fairness.FIFO;
  }

  private Optional<Acquisition> ask(boolean waits) throws InterruptedException {
    if (closed.getAsBoolean()) {
      throw new IllegalStateException("leases: closed (expected: open)");
    }
    long pauses = renewals.pauses();
    long sent = keeping.time().nanos();
    boolean isLast = deadline.remaining().compareTo(requestMax) < 0;
    Answer<Grant> answer =
        store.grant(contender, keeping.options().askedTerm(), deadline.shortenedTo(requestMax));
    keeping.observer().step("lease.asked");
    if (answer instanceof Answer.Done<Grant> done) {
      checkTerm(done.value());
      return granted(new KeptLease(keeping, renewals, done.value(), sent, pauses), waits);
    }
    if (answer instanceof Answer.Refused<Grant> refused) {
      return refused(refused.current(), waits);
    }
    return unknown(((Answer.Unknown<Grant>) answer).failure(), isLast);
  }

  /** A store over sessions decides the term itself, and the delay has to fit into it. */
  private void checkTerm(Grant grant) {
    Duration delay = keeping.options().lockDelay();
    if (!delay.isZero() && grant.term().minus(delay).compareTo(LeaseOptions.TERM_LEAST) < 0) {
      withdraw();
      throw new IllegalStateException(
          "lockDelay: "
              + delay
              + " (expected: at least "
              + LeaseOptions.TERM_LEAST
              + " below the store's term of "
              + grant.term()
              + ")");
    }
  }

  /** An answer that took longer than the term is worth is as good as none. */
  private Optional<Acquisition> granted(KeptLease lease, boolean waits)
      throws InterruptedException {
    renewals.add(lease);
    if (closed.getAsBoolean()) {
      lease.close();
      throw new IllegalStateException("leases: closed (expected: open)");
    }
    if (lease.stillHeld()) {
      keeping.observer().count("lease.granted", 1);
      return Optional.of(new Acquisition.Granted(lease));
    }
    return refused(Optional.empty(), waits);
  }

  private Optional<Acquisition> refused(Optional<Grant> current, boolean waits)
      throws InterruptedException {
    if (current.isEmpty()) {
      unclear = false;
      contender = fresh();
    }
    others = current;
    boolean again = waits || current.isEmpty();
    if (again && current.isPresent() && !deadline.hasExpired()) {
      store.awaitChange(contender, deadline.shortenedTo(poll()));
    }
    return again && !deadline.hasExpired()
        ? Optional.empty()
        : Optional.of(new Acquisition.Held(current));
  }

  /** A wait that cuts its own last question short ends with the answer to the one before. */
  private Optional<Acquisition> unknown(BackendException failure, boolean isLast)
      throws InterruptedException {
    unclear |= failure.effect() == Effect.UNKNOWN;
    boolean isPermanent = failure.advice() instanceof Advice.Permanent;
    if (isLast && others.isPresent() && deadline.hasExpired() && !isPermanent) {
      return Optional.of(new Acquisition.Held(others));
    }
    others = Optional.empty();
    if (isPermanent || deadline.hasExpired()) {
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
  private static BackendException unclear(BackendException last) {
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

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * Takes back what the contender may have been given, in a thread of its own: the caller's time is
   * over, or it was interrupted. Tries until the store answers, or the term ends it anyway.
   */
  private void withdraw() {
    Contender leaving = contender;
    Thread thread = new Thread(() -> withdrawNow(leaving), keeping.threadName("withdraw"));
    thread.setDaemon(true);
    thread.start();
  }

  private void withdrawNow(Contender leaving) {
    Duration term = keeping.options().term();
    Deadline end = Deadline.after(term, keeping.time());
    try {
      while (!end.hasExpired()
          && store.release(leaving, end.shortenedTo(term.dividedBy(4))) instanceof Answer.Unknown) {
        keeping.time().sleep(end.shortenedTo(term.dividedBy(12)).remaining());
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a JVM that ends.
    }
  }
}
