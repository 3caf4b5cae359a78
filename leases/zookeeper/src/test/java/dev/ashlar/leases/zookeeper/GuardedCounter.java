package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A number that holders of a lease read once, after their claim, and then write what they count
 * themselves: whoever writes too late takes back what others have counted. With a record of all.
 */
final class GuardedCounter {

  private static final String RESOURCE = "counter";

  private final MemoryFloor floor = MemoryFloor.of(TimeSource.system());
  private final Guard<MemoryFloor.Transaction> guard = Guard.over(floor, Observer.none());
  private final List<Event> history = new ArrayList<>();
  private int value;
  private int acknowledged;

  /** What the resource did, in its order. */
  private record Event(boolean write, FencingToken token) {}

  /** One holder's counting. */
  final class Turn {
    private final Claim<MemoryFloor.Transaction> claim;
    private int counted;

    private Turn(Claim<MemoryFloor.Transaction> claim, int counted) {
      this.claim = claim;
      this.counted = counted;
    }

    /** Counts one more; returns whether it was accepted. */
    boolean count() {
      try (MemoryFloor.Transaction tx = floor.begin()) {
        boolean accepted = claim.write(tx, () -> write(counted + 1)) instanceof Fenced.Accepted;
        if (accepted) {
          counted++;
          acknowledge();
        }
        return accepted;
      }
    }

    private int write(int changed) {
      synchronized (GuardedCounter.this) {
        value = changed;
        history.add(new Event(true, claim.fence().token()));
        return changed;
      }
    }
  }

  /** Claims and reads, in this order. */
  Optional<Turn> claim(Lease lease, Deadline deadline) throws InterruptedException {
    Fenced<Claim<MemoryFloor.Transaction>> claimed = guard.claim(RESOURCE, lease, deadline);
    if (!(claimed instanceof Fenced.Accepted<Claim<MemoryFloor.Transaction>> accepted)) {
      return Optional.empty();
    }
    synchronized (this) {
      history.add(new Event(false, lease.token()));
      return Optional.of(new Turn(accepted.value(), value));
    }
  }

  private synchronized void acknowledge() {
    acknowledged++;
  }

  synchronized int acknowledged() {
    return acknowledged;
  }

  /** Asserts that the resource would refuse a former holder now. */
  void assertRefuses(Fence former) {
    try (MemoryFloor.Transaction tx = floor.begin()) {
      assertThat(floor.check(tx, RESOURCE, former)).isInstanceOf(Standing.Differs.class);
    }
  }

  synchronized void assertNothingWasLost() {
    assertThat(value).as("the counter").isEqualTo(acknowledged);
    long largest = 0;
    for (Event event : history) {
      long token = event.token().value();
      assertThat(token).as("token of %s", event).isGreaterThanOrEqualTo(largest);
      largest = token;
    }
  }
}
