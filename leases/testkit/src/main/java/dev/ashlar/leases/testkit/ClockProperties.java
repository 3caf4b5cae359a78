package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The properties LEASE-11, 12, 18 and 27: clocks that break their bound, drivers that repeat. */
abstract class ClockProperties extends WaitingProperties {

  private static final String RESOURCE = "account";
  private static final int HANDOVERS = 4;

  @Test
  @Proves("LEASE-11")
  void atNoMomentTwoHoldersBelieve() throws Exception {
    LeaseName name = freshName();
    List<Lease> leases = new CopyOnWriteArrayList<>();
    List<FaultyStore> lines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      FaultyStore line = faulty();
      Leases one = leases(line, term());
      lines.add(line);
      Background<Boolean> unused = Background.start("hold", () -> holdsAgain(one, name, leases));
    }
    for (int i = 1; i <= HANDOVERS; i++) {
      int granted = i;
      eventually("grant " + i, () -> atMostOneBelieves(leases) && leases.size() >= granted);
      Lease last = leases.get(granted - 1);
      lines.forEach(line -> line.set(isAt(line, last) ? FaultyStore.Mode.CUT : WORKING));
      eventually("loss " + i, () -> atMostOneBelieves(leases) && !last.stillHeld());
    }
  }

  private static final FaultyStore.Mode WORKING = FaultyStore.Mode.WORKING;

  private boolean holdsAgain(Leases leases, LeaseName name, List<Lease> all) throws Exception {
    for (int i = 0; i < HANDOVERS; i++) {
      Optional<Lease> lease = leases.acquire(name, soon()).lease();
      if (lease.isPresent()) {
        all.add(seen(lease.get()));
        passUntilLost(lease.get());
      }
    }
    return true;
  }

  private void passUntilLost(Lease lease) throws InterruptedException {
    while (lease.stillHeld()) {
      linger();
    }
  }

  private static boolean isAt(FaultyStore line, Lease lease) {
    return line.grants().stream().anyMatch(grant -> grant.fence().equals(lease.fence()));
  }

  /** Whoever holds before and after another one was seen to hold, holds beside it. */
  private static boolean atMostOneBelieves(List<Lease> leases) {
    for (Lease one : leases) {
      for (Lease other : leases) {
        boolean both =
            !one.fence().equals(other.fence())
                && one.stillHeld()
                && other.stillHeld()
                && one.stillHeld();
        assertThat(both).as("%s beside %s", one, other).isFalse();
      }
    }
    return true;
  }

  @Test
  @Proves("LEASE-12")
  void holdersWhoseClocksBreakTheirBoundAreSortedOutByTheGuard() throws Exception {
    LeaseName name = freshName();
    SlowTime slow = new SlowTime(time(), 8);
    FaultyStore line = faulty();
    Lease first = held(leases(line, term(), slow), name);
    Guarded guarded = new Guarded(first);
    line.set(FaultyStore.Mode.CUT);
    Leases others = leases(store(), longTerm());
    Background<Lease> waiting = Background.start("wait", () -> held(others.acquire(name, soon())));

    Lease second = resultOf("the second holder", waiting);

    assertThat(first.stillHeld()).isTrue();
    assertThat(second.stillHeld()).isTrue();
    guarded.assertTurnsAwayAfterClaimOf(second);
  }

  @Test
  @Proves("LEASE-18")
  void jumpsOfTheStoresWallClockNeverLetTwoWrite() throws Exception {
    for (int days : List.of(1, -1)) {
      LeaseName name = freshName();
      FaultyStore line = faulty();
      Lease first = held(line, name, longTerm());
      Guarded guarded = new Guarded(first);
      line.set(FaultyStore.Mode.CUT);
      LeaseStore others = store();
      jumpStoreClock(Duration.ofDays(days));
      try {
        Optional<Lease> second = leases(others, longTerm()).tryAcquire(name, soon()).lease();
        if (second.isPresent()) {
          guarded.assertTurnsAwayAfterClaimOf(held(second.get()));
        } else {
          assertThat(guarded.write()).isInstanceOf(Fenced.Accepted.class);
        }
      } finally {
        jumpStoreClock(Duration.ofDays(-days));
      }
    }
  }

  @Test
  @Proves("LEASE-27")
  void aDriverThatRepeatsRequestsBreaksNothing() throws Exception {
    LeaseName name = freshName();
    LeaseStore line = opened(openRetrying());
    Grant first = granted(line, contender(name, "same"), longTerm());
    assertThat(granted(line, first.fence().holder(), longTerm()).fence()).isEqualTo(first.fence());
    assertHeldBy(line, first.fence());
    done(line.extend(first.fence(), longTerm(), soon()));
    // Its second copy finds nothing to release, which is how the first is answered, or not.
    Answer<?> unused = line.release(first.fence().holder(), soon());

    Grant second = granted(line, contender(name, "same"), longTerm());

    assertThat(second.fence().token()).isGreaterThan(first.fence().token());
    assertThat(line.release(first.fence().holder(), soon())).isInstanceOf(Answer.Refused.class);
    assertThat(line.extend(first.fence(), longTerm(), soon())).isInstanceOf(Answer.Refused.class);
    assertThat(line.grant(first.fence().holder(), longTerm(), soon()))
        .isInstanceOf(Answer.Refused.class);
    assertHeldBy(store(), second.fence());
  }

  /** A resource in memory that one holder has claimed. */
  private final class Guarded {
    private final MemoryFloor floor = MemoryFloor.of(time());
    private final Guard<MemoryFloor.Transaction> guard = Guard.over(floor, Observer.none());
    private final Lease first;
    private final Claim<MemoryFloor.Transaction> claim;

    Guarded(Lease first) throws InterruptedException {
      this.first = first;
      this.claim = guard.claim(RESOURCE, first, soon()).orThrow();
    }

    Fenced<Boolean> write() {
      return write(claim);
    }

    private Fenced<Boolean> write(Claim<MemoryFloor.Transaction> by) {
      try (MemoryFloor.Transaction tx = floor.begin()) {
        return by.write(tx, () -> true);
      }
    }

    private Claim<MemoryFloor.Transaction> claimedBy(Lease second) throws InterruptedException {
      try {
        return guard.claim(RESOURCE, second, soon()).orThrow();
      } catch (IllegalStateException e) {
        throw new AssertionError("claim of the second holder: refused", e);
      }
    }

    void assertTurnsAwayAfterClaimOf(Lease second) throws InterruptedException {
      assertThat(write()).isInstanceOf(Fenced.Accepted.class);
      Claim<MemoryFloor.Transaction> next = claimedBy(second);
      assertThat(write()).isInstanceOf(Fenced.Rejected.class);
      assertThat(write(next)).isInstanceOf(Fenced.Accepted.class);
      assertThat(first.lossCause()).contains(LossCause.FENCED_BY_RESOURCE);
    }
  }
}
