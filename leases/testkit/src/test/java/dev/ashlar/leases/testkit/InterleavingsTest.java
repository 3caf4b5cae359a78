package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/*
 * Inside one process there are threads, which a simulated world does not have. Lincheck runs two of them
 * through every interleaving that it has time for, and compares what they were answered with what one
 * after the other would have been.
 */

/** Store and floor in memory, under threads. */
class InterleavingsTest {

  private static final StillTime TIME = new StillTime();
  private static final Fence FIRST = fence(1);
  private static final Fence SECOND = fence(2);

  private static Fence fence(long token) {
    return new Fence(
        new Contender(new LeaseName("nightly"), "host", "n-" + token), new FencingToken(token));
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(1), TIME);
  }

  /** A hash table's walk over empty slots is not a thread that spins. */
  private static void check(Class<?> operations) {
    new ModelCheckingOptions()
        .threads(2)
        .actorsPerThread(3)
        .actorsBefore(1)
        .actorsAfter(1)
        .iterations(20)
        .invocationsPerIteration(30)
        .loopIterationsBeforeThreadSwitch(100)
        .loopBound(1000)
        .check(operations);
  }

  @Test
  void claimsAndWritesOfTwoHoldersAreInOneOrder() {
    check(Guarded.class);
  }

  @Test
  void aWriteOutsideOfItsTransactionIsFound() {
    assertThatThrownBy(() -> check(WritesLaterTwin.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Invalid execution results");
  }

  @Test
  void grantsAndReleasesAreInOneOrder() {
    check(Granted.class);
  }

  /** A number behind a floor; each holder has one thread at a time. */
  public static class Guarded {
    private final MemoryFloor floor = MemoryFloor.of(TIME);
    private int value;

    private boolean claim(Fence fence) throws InterruptedException {
      return floor.raise("number", fence, soon()) instanceof Standing.Level;
    }

    /** Adds in a transaction, and returns the sum, or a negative number if it is rejected. */
    int add(Fence fence, int amount) {
      try (MemoryFloor.Transaction tx = floor.begin()) {
        return passes(tx, fence) ? write(amount) : -1;
      }
    }

    final boolean passes(MemoryFloor.Transaction tx, Fence fence) {
      return floor.check(tx, "number", fence) instanceof Standing.Level;
    }

    final MemoryFloor.Transaction begin() {
      return floor.begin();
    }

    final int write(int amount) {
      int sum = value + amount;
      value = sum;
      return sum;
    }

    @Operation(nonParallelGroup = "first", blocking = true)
    public boolean claimFirst() throws InterruptedException {
      return claim(FIRST);
    }

    @Operation(nonParallelGroup = "first")
    public int addFirst() {
      return add(FIRST, 1);
    }

    @Operation(nonParallelGroup = "second", blocking = true)
    public boolean claimSecond() throws InterruptedException {
      return claim(SECOND);
    }

    @Operation(nonParallelGroup = "second")
    public int addSecond() {
      return add(SECOND, 2);
    }
  }

  /** Ends its transaction before it writes, so no successor waits for the write. */
  public static class WritesLaterTwin extends Guarded {
    @Override
    int add(Fence fence, int amount) {
      try (MemoryFloor.Transaction tx = begin()) {
        if (!passes(tx, fence)) {
          return -1;
        }
      }
      return write(amount);
    }

    @Override
    @Operation(nonParallelGroup = "first", blocking = true)
    public boolean claimFirst() throws InterruptedException {
      return super.claimFirst();
    }

    @Override
    @Operation(nonParallelGroup = "first")
    public int addFirst() {
      return super.addFirst();
    }

    @Override
    @Operation(nonParallelGroup = "second", blocking = true)
    public boolean claimSecond() throws InterruptedException {
      return super.claimSecond();
    }

    @Override
    @Operation(nonParallelGroup = "second")
    public int addSecond() {
      return super.addSecond();
    }
  }

  /** A store and two contenders. */
  public static class Granted {
    private final MemoryLeaseStore store = MemoryLeaseStore.of(TIME);

    private long grant(Fence fence) throws InterruptedException {
      return store.grant(fence.holder(), Duration.ofSeconds(2), soon())
              instanceof Answer.Done<Grant> done
          ? done.value().fence().token().value()
          : -1;
    }

    private boolean release(Fence fence) throws InterruptedException {
      return store.release(fence.holder(), soon()) instanceof Answer.Done<Contender>;
    }

    @Operation
    public long grantFirst() throws InterruptedException {
      return grant(FIRST);
    }

    @Operation
    public boolean releaseFirst() throws InterruptedException {
      return release(FIRST);
    }

    @Operation
    public long grantSecond() throws InterruptedException {
      return grant(SECOND);
    }

    @Operation
    public boolean releaseSecond() throws InterruptedException {
      return release(SECOND);
    }
  }
}
