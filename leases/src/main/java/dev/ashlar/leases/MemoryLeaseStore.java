package dev.ashlar.leases;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Guarantees.ExpiryClock;
import dev.ashlar.leases.Guarantees.Fairness;
import dev.ashlar.leases.Guarantees.Terms;
import dev.ashlar.leases.Guarantees.TokenStrength;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lease store in the memory of one process: for tests, for programs of one process, and as the
 * shortest complete statement of what a store does.
 *
 * <p><b>Guarantees.</b> As {@link LeaseStore}. Grants end by the elapsed clock, so jumps of the
 * wall clock change nothing (LEASE-17).
 *
 * <p><b>Not guaranteed.</b> Anything after a restart: numbers begin again at one, which {@link
 * #guarantees()} says and a guard notices (LEASE-49); {@link #withTokensAbove} repairs. Any order
 * among those who wait.
 *
 * <p><b>Failures.</b> {@link Answer.Unknown} without an effect when it is full or the deadline is
 * over.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> {@value #NAMES_MAX} names, because the number of a name is never forgotten.
 */
public final class MemoryLeaseStore implements LeaseStore {

  /** The most names, about 20 MB of them. */
  public static final int NAMES_MAX = 100_000;

  private static final int EXTEND_MAX = 1000;

  private static final Guarantees GUARANTEES =
      new Guarantees(
          TokenStrength.UNTIL_RESET, ExpiryClock.ELAPSED, Fairness.NONE, Terms.PER_LEASE);

  private final TimeSource time;
  private final long tokensAbove;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<LeaseName, Deque<Waiter>> waiting = new HashMap<>();
  private final Map<LeaseName, Entry> entries = new HashMap<>();

  private MemoryLeaseStore(TimeSource time, long tokensAbove) {
    this.time = requireNonNull(time, "time");
    this.tokensAbove = tokensAbove;
  }

  /** Returns an empty store. */
  public static MemoryLeaseStore of(TimeSource time) {
    return new MemoryLeaseStore(time, 0);
  }

  /**
   * Returns an empty store whose numbers begin above another one: after a restart, the largest that
   * any resource was claimed with.
   */
  public static MemoryLeaseStore withTokensAbove(long value, TimeSource time) {
    if (value < 0 || value > Long.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "value: " + value + " (expected: 0 to " + Long.MAX_VALUE / 2 + ")");
    }
    return new MemoryLeaseStore(time, value);
  }

  @Override
  public Guarantees guarantees() {
    return GUARANTEES;
  }

  @Override
  public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
      throws InterruptedException {
    return locked(
        deadline,
        () -> {
          Entry entry = entries.get(contender.lease());
          if (entry == null && entries.size() >= NAMES_MAX) {
            return new Answer.Unknown<>(full());
          }
          if (entry == null || entry.mayGoTo(contender, time.nanos())) {
            long token = entry == null ? tokensAbove + 1 : entry.fence().token().value() + 1;
            return granted(Entry.of(contender, token, term, time));
          }
          return extended(entry, contender, term);
        });
  }

  @Override
  public Answer<Grant> extend(Fence fence, Duration term, Deadline deadline)
      throws InterruptedException {
    return locked(
        deadline,
        () -> {
          Entry entry = entries.get(fence.lease());
          return entry != null && entry.fence().equals(fence)
              ? extended(entry, fence.holder(), term)
              : refused(entry);
        });
  }

  /** One lock guards all of them, so many are answered as quickly as one. */
  @Override
  public int extendMax() {
    return EXTEND_MAX;
  }

  @Override
  public Answer<Optional<Grant>> inspect(LeaseName name, Deadline deadline)
      throws InterruptedException {
    return locked(deadline, () -> new Answer.Done<>(current(entries.get(name))));
  }

  @Override
  public Answer<Contender> release(Contender contender, Deadline deadline)
      throws InterruptedException {
    return locked(
        deadline,
        () -> {
          Entry entry = entries.get(contender.lease());
          if (entry == null || !entry.fence().holder().equals(contender)) {
            return refused(entry);
          }
          entries.put(contender.lease(), entry.ended(time.nanos()));
          wakeOne(contender.lease());
          return new Answer.Done<>(contender);
        });
  }

  @Override
  public void awaitChange(Contender contender, Deadline deadline) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Entry entry = entries.get(contender.lease());
      if (entry == null || !entry.lasts(time.nanos())) {
        return;
      }
      Duration left = Duration.ofNanos(entry.endNanos() - time.nanos());
      awaitTurn(contender.lease(), deadline.shortenedTo(left));
    } finally {
      lock.unlock();
    }
  }

  private void awaitTurn(LeaseName name, Deadline deadline) throws InterruptedException {
    Waiter waiter = new Waiter(lock.newCondition());
    Deque<Waiter> line = waiting.computeIfAbsent(name, one -> new ArrayDeque<>());
    line.add(waiter);
    try {
      while (!waiter.woken && !deadline.hasExpired()) {
        boolean unused = time.await(waiter.changed, deadline);
      }
    } finally {
      line.remove(waiter);
      if (line.isEmpty()) {
        waiting.remove(name, line);
      }
    }
  }

  /** One of those who wait is enough, and if it does not take the lease the others ask in time. */
  private void wakeOne(LeaseName name) {
    Deque<Waiter> line = waiting.get(name);
    if (line != null && !line.isEmpty()) {
      Waiter first = line.remove();
      first.woken = true;
      first.changed.signal();
    }
  }

  private static final class Waiter {
    private final Condition changed;
    private boolean woken;

    Waiter(Condition changed) {
      this.changed = changed;
    }
  }

  private Answer<Grant> extended(Entry entry, Contender contender, Duration term) {
    if (!entry.lasts(time.nanos()) || !entry.fence().holder().equals(contender)) {
      return refused(entry);
    }
    return granted(Entry.of(contender, entry.fence().token().value(), term, time));
  }

  private Answer<Grant> granted(Entry entry) {
    entries.put(entry.fence().lease(), entry);
    return new Answer.Done<>(entry.grant(time.nanos()));
  }

  private <V> Answer<V> refused(@Nullable Entry entry) {
    return new Answer.Refused<>(current(entry));
  }

  private Optional<Grant> current(@Nullable Entry entry) {
    long now = time.nanos();
    return Optional.ofNullable(entry).filter(held -> held.lasts(now)).map(held -> held.grant(now));
  }

  private <V> Answer<V> locked(Deadline deadline, Body<V> body) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      return deadline.hasExpired() ? new Answer.Unknown<>(tooLate()) : body.answer();
    } finally {
      lock.unlock();
    }
  }

  private static BackendException tooLate() {
    return new BackendException(
        "lease: deadline is over", Effect.NONE, new Advice.Transient(), null);
  }

  private static BackendException full() {
    return new BackendException(
        "lease: " + NAMES_MAX + " names (expected: fewer)",
        Effect.NONE,
        new Advice.Permanent(),
        null);
  }

  @FunctionalInterface
  private interface Body<V> {
    Answer<V> answer();
  }

  /** The last grant of a name; it stays when it is over, for its number and its spent nonce. */
  private record Entry(Fence fence, long endNanos) {

    static Entry of(Contender contender, long token, Duration term, TimeSource time) {
      return new Entry(
          new Fence(contender, new FencingToken(token)), time.nanos() + term.toNanos());
    }

    boolean lasts(long nowNanos) {
      return endNanos - nowNanos > 0;
    }

    boolean mayGoTo(Contender contender, long nowNanos) {
      return !lasts(nowNanos) && !fence.holder().equals(contender);
    }

    Grant grant(long nowNanos) {
      return new Grant(fence, Duration.ofNanos(endNanos - nowNanos));
    }

    Entry ended(long nowNanos) {
      return new Entry(fence, nowNanos);
    }
  }
}
