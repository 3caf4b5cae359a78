package dev.ashlar.leases.guard;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A floor in the memory of one process: for a resource that is in the same memory, for tests, and
 * as the shortest complete statement of what a floor does.
 *
 * <p><b>Guarantees.</b> As {@link Floor}, for as long as the process lives; data in the same memory
 * live no longer.
 *
 * <p><b>Not guaranteed.</b> Anything for a resource that outlives the process: a floor that begins
 * again at nothing guards nothing.
 *
 * <p><b>Failures.</b> {@link Standing.Unknown} without an effect if checked transactions do not end
 * until the deadline, or it is full.
 *
 * <p><b>Threads.</b> Safe; one {@link Transaction} is used by one thread at a time.
 *
 * <p><b>Limits.</b> {@value #RESOURCES_MAX} resources, because a floor is never forgotten.
 */
public final class MemoryFloor implements Floor<MemoryFloor.Transaction> {

  /** The most resources. */
  public static final int RESOURCES_MAX = 100_000;

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private final Map<String, Fence> floors = new HashMap<>();
  private final Map<String, Integer> underWay = new HashMap<>();

  private MemoryFloor(TimeSource time) {
    this.time = requireNonNull(time, "time");
  }

  /** Returns a floor under which nothing is claimed. */
  public static MemoryFloor of(TimeSource time) {
    return new MemoryFloor(time);
  }

  /**
   * Begins a transaction: from its first check to its end no floor that it was checked against
   * moves.
   */
  public Transaction begin() {
    return new Transaction();
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    ResourceName.check(resource);
    lock.lockInterruptibly();
    try {
      while (underWay.containsKey(resource) && mayRaise(resource, fence)) {
        if (!time.await(ended, deadline) && underWay.containsKey(resource)) {
          return new Standing.Unknown(failure(resource + ": still being written"));
        }
      }
      if (!floors.containsKey(resource) && floors.size() >= RESOURCES_MAX) {
        return new Standing.Unknown(failure("floor: " + RESOURCES_MAX + " resources"));
      }
      if (mayRaise(resource, fence)) {
        floors.put(resource, fence);
      }
      return standing(resource, fence);
    } finally {
      lock.unlock();
    }
  }

  private boolean mayRaise(String resource, Fence fence) {
    Fence floor = floors.get(resource);
    ResourceName.checkLease(resource, Optional.ofNullable(floor), fence);
    return floor == null || floor.token().compareTo(fence.token()) < 0;
  }

  @Override
  public Standing check(Transaction tx, String resource, Fence fence) {
    lock.lock();
    try {
      ResourceName.checkLease(resource, Optional.ofNullable(floors.get(resource)), fence);
      tx.join(resource);
      return standing(resource, fence);
    } finally {
      lock.unlock();
    }
  }

  private Standing standing(String resource, Fence fence) {
    Optional<Fence> floor = Optional.ofNullable(floors.get(resource));
    return floor.filter(fence::equals).isPresent()
        ? new Standing.Level()
        : new Standing.Differs(floor);
  }

  private static BackendException failure(String what) {
    return new BackendException(what, Effect.NONE, new Advice.Transient(), null);
  }

  /** What is read and written between a check and the end; to be closed in any case. */
  public final class Transaction implements AutoCloseable {
    private final Set<String> joined = new HashSet<>();

    private Transaction() {}

    private void join(String resource) {
      if (joined.add(resource)) {
        underWay.merge(resource, 1, Integer::sum);
      }
    }

    /** Ends it; whoever waits to claim goes on. */
    @Override
    public void close() {
      lock.lock();
      try {
        for (String resource : joined) {
          underWay.computeIfPresent(resource, (name, count) -> count == 1 ? null : count - 1);
        }
        joined.clear();
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
