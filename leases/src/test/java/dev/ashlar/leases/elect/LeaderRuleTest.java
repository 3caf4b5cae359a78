package dev.ashlar.leases.elect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The wrong and the right form of LEASE-R19, and what comes of each. */
class LeaderRuleTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final LeaseName NAME = new LeaseName("numbering");

  private final ManualTime storeTime = ManualTime.create();
  private final MemoryLeaseStore store = MemoryLeaseStore.of(storeTime);
  private final MemoryFloor floor = MemoryFloor.of(storeTime);
  private final Guard<MemoryFloor.Transaction> guard = Guard.over(floor, Observer.none());
  private final List<String> numbers = new ArrayList<>();
  private final ManualTime stopped = ManualTime.create();

  private Leases leases(String owner, TimeSource time) {
    return Leases.of(
        store,
        LeaseOptions.of(owner, Seeds.random(Seeds.next())),
        IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
        time,
        Observer.none());
  }

  private static Elector elector(Leases leases, TimeSource time) {
    return Elector.of(
        leases, NAME, ElectorOptions.of(Seeds.random(Seeds.next())), time, Observer.none());
  }

  private void wrong(boolean leader, int next) {
    // [readme:r19-wrong]
    if (leader) { // Set by elected, and not yet cleared by ended.
      numbers.add("order-" + next);
    }
    // [/readme]
  }

  private void right(Elector elector, int next, Deadline deadline) throws Exception {
    // [readme:r19-right]
    Optional<Term> term = elector.currentTerm(); // By the clock: no work for nothing.
    if (term.isPresent()) {
      Claim<MemoryFloor.Transaction> claim =
          guard.claim("orders", term.get().lease(), deadline).orThrow();
      try (MemoryFloor.Transaction tx = floor.begin()) {
        claim.write(tx, () -> numbers.add("order-" + next)).orThrow();
      }
    }
    // [/readme]
  }

  @Test
  void anOldLeaderWhoseClockStoodStillIsRefusedByTheGuardAlone() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), storeTime);
    try (Leases ofA = leases("host-a", stopped);
        Leases ofB = leases("host-b", storeTime);
        Elector a = elector(ofA, stopped);
        Elector b = elector(ofB, storeTime)) {
      a.start();
      Eventually.holds("a leads", PATIENCE, () -> a.currentTerm().isPresent());
      right(a, 1, deadline);
      storeTime.advance(Duration.ofSeconds(16));
      b.start();
      Eventually.holds("b leads", PATIENCE, () -> b.currentTerm().isPresent());
      right(b, 2, deadline);

      assertThat(a.currentTerm()).isPresent();
      assertThatThrownBy(() -> right(a, 2, deadline)).isInstanceOf(IllegalStateException.class);
      assertThat(numbers).containsExactly("order-1", "order-2");

      wrong(true, 2);
      assertThat(numbers).containsExactly("order-1", "order-2", "order-2");
    }
  }
}
