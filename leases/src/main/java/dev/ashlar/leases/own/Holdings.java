package dev.ashlar.leases.own;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** All partitions of one node: one thread looks what is due for each, and a crew does it. */
final class Holdings {

  private static final long FAR_NANOS = Duration.ofHours(1).toNanos();

  /** For the store's answer to one question; then it is asked again. */
  private static final Duration ASK_MAX = Duration.ofSeconds(5);

  private final PartitionOwner.Ground ground;
  private final OwnerOptions options;
  private final Crew crew;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final TreeMap<String, Holding> holdings = new TreeMap<>();
  private boolean closed;
  private boolean dirty;

  Holdings(PartitionOwner.Ground ground, OwnerOptions options) {
    this.ground = ground;
    this.options = options;
    this.crew = new Crew(options.threads(), ground, this::wake);
  }

  // What users ask.

  void assign(Set<String> partitions) {
    locked(
        now -> {
          if (closed) {
            throw new IllegalStateException("owner: closed (expected: open)");
          }
          holdings.values().forEach(one -> one.want(partitions.contains(one.partition()), now));
          for (String partition : partitions) {
            holdings
                .computeIfAbsent(
                    partition, one -> new Holding(one, options.drainMax().toNanos(), now))
                .want(true, now);
          }
        });
  }

  SortedMap<String, Lease> owned() {
    SortedMap<String, Lease> owned = new TreeMap<>();
    lock.lock();
    try {
      holdings.forEach((name, one) -> one.owned().ifPresent(lease -> owned.put(name, lease)));
    } finally {
      lock.unlock();
    }
    return owned;
  }

  Optional<Lease> owned(String partition) {
    lock.lock();
    try {
      return Optional.ofNullable(holdings.get(partition)).flatMap(Holding::owned);
    } finally {
      lock.unlock();
    }
  }

  void close() {
    locked(
        now -> {
          closed = true;
          holdings.values().forEach(one -> one.want(false, now));
        });
  }

  /** Returns whether the caller is at work on a partition, which cannot end while it waits. */
  boolean isCalledByCrew() {
    return crew.isOneOf(Thread.currentThread());
  }

  /** Waits until nothing is held any more, and leaves what is to its term. */
  void awaitEnd() throws InterruptedException {
    Deadline deadline = Deadline.after(options.closeMax(), ground.time());
    lock.lockInterruptibly();
    try {
      while (!holdings.isEmpty() && !deadline.hasExpired()) {
        ground.time().await(changed, deadline);
      }
      for (Holding holding : holdings.values()) {
        if (holding.hurry()) {
          letGo(holding);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // What the thread does that looks.

  /** Works until it is closed and nothing is left. */
  void run(OwnershipListener told) {
    lock.lock();
    try {
      while (!closed || !holdings.isEmpty()) {
        dirty = false;
        long nowNanos = ground.time().nanos();
        long nextNanos = crew.look(look(told, nowNanos));
        if (!dirty) {
          await(Duration.ofNanos(Math.max(0, nextNanos - nowNanos)));
        }
      }
    } finally {
      lock.unlock();
    }
    crew.close();
  }

  /** Does what is due, and returns when to look again. */
  private long look(OwnershipListener told, long nowNanos) {
    long next = nowNanos + FAR_NANOS;
    for (Holding holding : List.copyOf(holdings.values())) {
      switch (holding.order(nowNanos, isHeld(holding))) {
        case TAKE -> crew.take(holding, () -> take(holding, told));
        case CALL_OFF -> callOff(holding);
        case LEAVE -> crew.leave(holding, () -> leave(holding, told));
        case STOP -> crew.stop(holding);
        case LET_GO -> letGo(holding);
        case FORGET -> forget(holding);
        case NOTHING -> {}
      }
      long look = holding.lookNanos(nowNanos, next);
      next = look - next < 0 ? look : next;
    }
    return next;
  }

  private static boolean isHeld(Holding holding) {
    return holding.lease().map(Lease::stillHeld).orElse(false);
  }

  private void callOff(Holding holding) {
    if (crew.callOff(holding)) {
      forget(holding);
    }
  }

  private void forget(Holding holding) {
    holdings.remove(holding.partition());
    changed.signalAll();
  }

  /**
   * What is in use is not given back, and so its term separates it from its successor. What cannot
   * be used is over, or given back by somebody else.
   */
  private void letGo(Holding holding) {
    ground.observer().count("owner.overdue", 1);
    Lease lease = holding.lease().orElseThrow();
    lease.use().ifPresent(use -> leaveToItsTerm(lease, use));
    crew.stop(holding);
  }

  private void leaveToItsTerm(Lease lease, Lease.Use use) {
    try {
      lease.release(Deadline.after(Duration.ZERO, ground.time()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      use.close();
    }
  }

  private void await(Duration max) {
    try {
      ground.time().await(changed, Deadline.after(max, ground.time()));
    } catch (InterruptedException e) {
      // Nobody interrupts this thread but a JVM that ends.
      dirty = true;
    }
  }

  // What the crew does.

  private void take(Holding holding, OwnershipListener told) {
    Optional<Lease> lease = asked(holding);
    if (lease.isEmpty() || !isTaken(holding, lease.get())) {
      lease.ifPresent(one -> release(one, Deadline.after(Duration.ZERO, ground.time())));
      free(holding);
      return;
    }
    lease.get().whenLost(cause -> wake());
    ground.observer().count("owner.taken", 1);
    boolean well = tell(() -> told.owned(holding.partition(), lease.get()));
    locked(now -> holding.begun(well));
  }

  private Optional<Lease> asked(Holding holding) {
    try {
      LeaseName name = ground.name(holding.partition());
      return ground.leases().tryAcquire(name, Deadline.after(ASK_MAX, ground.time())).lease();
    } catch (InterruptedException | RuntimeException | Error e) {
      // A store that breaks its contract is asked again, as one that does not answer.
      ground.observer().count("owner.failed", 1);
      return Optional.empty();
    }
  }

  private boolean isTaken(Holding holding, Lease lease) {
    lock.lock();
    try {
      return holding.granted(lease);
    } finally {
      lock.unlock();
    }
  }

  private void leave(Holding holding, OwnershipListener told) {
    Lease lease = holding.lease().orElseThrow();
    if (ends(holding) == Holding.End.LOSS) {
      ground.observer().count("owner.lost", 1);
      tell(() -> told.lost(holding.partition(), lease));
    } else {
      Optional<Lease.Use> use = lease.use();
      tell(() -> told.ending(holding.partition(), lease));
      Deadline drained = ended(holding);
      use.ifPresent(Lease.Use::close);
      release(lease, drained);
      ground.observer().count("owner.left", 1);
    }
    free(holding);
  }

  private Holding.End ends(Holding holding) {
    lock.lock();
    try {
      Holding.End end = holding.leaves(ground.time().nanos(), isHeld(holding));
      dirty = true;
      changed.signalAll();
      return end;
    } finally {
      lock.unlock();
    }
  }

  /** Returns until when others may still use the lease; then its store is told. */
  private Deadline ended(Holding holding) {
    lock.lock();
    try {
      long now = ground.time().nanos();
      return Deadline.after(Duration.ofNanos(Math.max(0, holding.ended(now) - now)), ground.time());
    } finally {
      lock.unlock();
    }
  }

  private void release(Lease lease, Deadline deadline) {
    try {
      lease.release(deadline);
    } catch (InterruptedException | RuntimeException | Error e) {
      ground.observer().count("owner.failed", 1);
    }
  }

  private void free(Holding holding) {
    locked(now -> holding.free(now, options.pollNanos()));
  }

  /** Whatever a listener throws, it has been told. */
  private boolean tell(Call call) {
    try {
      call.run();
      return true;
    } catch (Throwable e) {
      ground.observer().count("owner.listener.failed", 1);
      return false;
    }
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  @FunctionalInterface
  private interface Change {
    void run(long nowNanos);
  }

  private void wake() {
    locked(now -> {});
  }

  private void locked(Change change) {
    lock.lock();
    try {
      change.run(ground.time().nanos());
      dirty = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
