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
 * until the deadline, or it is full. {@link IllegalStateException} as {@link Floor}, and for a
 * transaction of another floor, or one that has ended.
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
          return unknown(resource + ": still being written", new Advice.Transient());
        }
      }
      if (!floors.containsKey(resource) && floors.size() >= RESOURCES_MAX) {
        return unknown("floor: " + RESOURCES_MAX + " resources", new Advice.Permanent());
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
    if (!tx.isOf(this)) {
      throw new IllegalStateException("tx: of another floor (expected: of this one)");
    }
    lock.lock();
    try {
      ResourceName.checkLease(resource, Optional.ofNullable(floors.get(resource)), fence);
      Standing standing = standing(resource, fence);
      if (standing instanceof Standing.Level) {
        tx.join(resource);
      }
      return standing;
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

  private static Standing unknown(String what, Advice advice) {
    return new Standing.Unknown(new BackendException(what, Effect.NONE, advice, null));
  }

  /** What is read and written between a check and the end; to be closed in any case. */
  public final class Transaction implements AutoCloseable {
    private final Set<String> joined = new HashSet<>();
    private boolean over;

    private Transaction() {}

    private boolean isOf(MemoryFloor floor) {
      return MemoryFloor.this == floor;
    }

    private void join(String resource) {
      if (over) {
        throw new IllegalStateException("tx: over (expected: a new one)");
      }
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
        over = true;
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
