package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Effect;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.core.testkit.history.CallHistory;
import dev.ashlar.core.testkit.history.Counter;
import dev.ashlar.core.testkit.history.Linearizability;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.RejectionPublisher;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Guard} must do, as tests: the properties LEASE-43 to LEASE-50 and LEASE-32,
 * whether the writer has a transaction ({@link FloorContract}) or asks a service.
 *
 * <p>An adapter's test class extends this one, brings its {@link GuardedAccess}, and inherits the
 * rest.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <C> a claim
 */
public abstract class GuardContract<C> extends ClaimProperties<C> {

  private static final int OWNERS = 4;
  private static final int TENURES = 6;
  private static final int TENURES_MAX = 200;
  private static final int WRITES = 5;

  /** For subclasses. */
  protected GuardContract() {}

  @Test
  @Proves("LEASE-45")
  void successiveHoldersLoseNoAcknowledgedUpdate() throws Exception {
    Seeds.check(
        1,
        (seed, random) -> {
          long before = access().read(resource);
          CallHistory<Counter.Input, Long> history = CallHistory.of(TimeSource.system(), 1_000);
          AtomicLong acknowledged = new AtomicLong();
          List<Background<Boolean>> owners = new ArrayList<>();
          for (int i = 0; i < OWNERS; i++) {
            String owner = "owner-" + i;
            RandomGenerator own = Seeds.random(seed * OWNERS + i);
            owners.add(Background.start(owner, () -> countUp(owner, own, history, acknowledged)));
          }
          for (Background<Boolean> owner : owners) {
            assertThat(resultOf("the end of an owner", owner)).isTrue();
          }
          long after = access().read(resource);
          history.invoke("end", resource, new Counter.Read()).ok(after);
          assertThat(acknowledged.get()).isGreaterThanOrEqualTo(TENURES);
          assertThat(after - before).isEqualTo(acknowledged.get());
          Linearizability.of(Counter.startingAt(before)).check(history.operations()).orThrow();
        });
  }

  /**
   * Takes the lease from whoever has it, again and again, and counts up while it is let; and goes
   * on until enough was counted: who is the last one to go on is let.
   */
  private boolean countUp(
      String owner,
      RandomGenerator random,
      CallHistory<Counter.Input, Long> history,
      AtomicLong acknowledged)
      throws Exception {
    for (int tenure = 0; tenure < TENURES_MAX; tenure++) {
      if (tenure >= TENURES && acknowledged.get() >= TENURES) {
        return true;
      }
      GuardedAccess<C> access = access();
      Fenced<C> claim = access.claim(resource, succeed(), soon());
      boolean held = claim instanceof Fenced.Accepted;
      for (int i = 0; i < WRITES && held; i++) {
        Duration pause = Duration.ofNanos(random.nextLong(2_000_000));
        CallHistory.Call<Counter.Input, Long> call =
            history.invoke(owner, resource, new Counter.Add(1));
        Fenced<Long> written = access.increment(accepted(claim), pause);
        held = written instanceof Fenced.Accepted;
        if (held) {
          call.ok(accepted(written));
          acknowledged.incrementAndGet();
        } else {
          call.failed();
        }
      }
    }
    return false;
  }

  /** One at a time, or a lease would be over at the store before it was there. */
  private synchronized Lease succeed() throws InterruptedException {
    return successor();
  }

  @Test
  @Proves("LEASE-48")
  void aRejectionSaysBothNumbersAndEndsTheLease() throws Exception {
    GuardedAccess<C> access = access();
    Lease former = successor();
    C stale = claimed(access, former);
    Lease latter = successor();
    claimed(access, latter);
    assertThat(former.state()).as("before it writes").isEqualTo(LeaseState.HELD);

    assertThat(access.write(stale, 1)).isEqualTo(rejected(former.fence(), latter.fence()));

    assertLost(former);
    assertThat(access.write(stale, 2)).isInstanceOf(Fenced.NotHeld.class);
  }

  private Fenced<Long> rejected(Fence presented, Fence floor) {
    return new Fenced.Rejected<>(new FenceRejection(resource, presented, Optional.of(floor)));
  }

  @Test
  @Proves("LEASE-32")
  void theFirstRejectedWriteGoesOutOnceAfterTheLeaseIsLost() throws Exception {
    List<FenceRejection> told = new CopyOnWriteArrayList<>();
    List<LeaseState> states = new CopyOnWriteArrayList<>();
    Lease former = successor();
    GuardedAccess<C> access =
        access(
            rejection -> {
              states.add(former.state());
              told.add(rejection);
            });
    C stale = claimed(access, former);
    Lease latter = successor();
    claimed(access(), latter);
    assertThat(told).as("before it writes").isEmpty();

    assertRejected(access.write(stale, 1));
    assertThat(access.write(stale, 2)).isInstanceOf(Fenced.NotHeld.class);
    assertThat(access.claim(resource, former, soon())).isInstanceOf(Fenced.NotHeld.class);

    assertThat(told)
        .containsExactly(new FenceRejection(resource, former.fence(), Optional.of(latter.fence())));
    assertThat(states).containsExactly(LeaseState.LOST);
  }

  @Test
  @Proves("LEASE-32")
  void aRejectedClaimGoesOutToo() throws Exception {
    List<FenceRejection> told = new CopyOnWriteArrayList<>();
    Lease former = successor();
    Lease latter = successor();
    claimed(access(), latter);

    assertRejected(access(told::add).claim(resource, former, soon()));

    assertThat(told)
        .containsExactly(new FenceRejection(resource, former.fence(), Optional.of(latter.fence())));
  }

  @Test
  @Proves("LEASE-32")
  void aRejectionIsOfferedUntilItIsTakenAndIsNoFailure() throws Exception {
    AtomicInteger offered = new AtomicInteger();
    RejectionPublisher down =
        rejection -> {
          if (offered.incrementAndGet() < 3) {
            throw new BackendException("queue", Effect.NONE, new Advice.Transient(), null);
          }
        };
    GuardedAccess<C> access = access(down);
    Lease former = successor();
    C stale = claimed(access, former);
    claimed(access(), successor());

    assertRejected(access.write(stale, 1));
    assertLost(former);
    assertThat(access.write(stale, 2)).isInstanceOf(Fenced.NotHeld.class);
    assertThat(access.write(stale, 3)).isInstanceOf(Fenced.NotHeld.class);
    assertThat(access.write(stale, 4)).isInstanceOf(Fenced.NotHeld.class);

    assertThat(offered).hasValue(3);
  }

  @Test
  @Proves("LEASE-32")
  void aHolderThatWasCutOffIsToldOnceTheNetworkHeals() throws Exception {
    List<FenceRejection> told = new CopyOnWriteArrayList<>();
    GuardedAccess<C> access = access(told::add);
    Lease former = successor();
    C stale = claimed(access, former);
    Lease latter = successor();
    claimed(access(), latter);

    cutResource(true);
    assertThatThrownBy(() -> access.write(stale, 1)).isInstanceOf(BackendException.class);
    assertThat(former.state()).as("silence is no rejection").isEqualTo(LeaseState.HELD);
    cutResource(false);
    assertRejected(access.write(stale, 1));

    assertLost(former);
    assertThat(told)
        .containsExactly(new FenceRejection(resource, former.fence(), Optional.of(latter.fence())));
  }

  @Test
  @Proves("LEASE-50")
  void aClaimOfOneResourceIsNoneOfAnother() throws Exception {
    GuardedAccess<C> access = access();
    Lease former = successor();
    claimed(access, resource, former);
    C kept = claimed(access, another, former);
    Lease latter = successor();
    C partial = claimed(access, resource, latter);

    assertThat(access.show(another, latter.fence()))
        .as("half of what the successor needs")
        .isEqualTo(new Standing.Differs(Optional.of(former.fence())));
    accepted(access.write(partial, 1));
    accepted(access.write(kept, 2));

    assertThat(access.read(resource)).isEqualTo(1);
    assertThat(access.read(another)).isEqualTo(2);
  }

  @Test
  @Proves("LEASE-50")
  void aRejectionAtOneResourceLeavesTheClaimOfAnotherWhereItIs() throws Exception {
    GuardedAccess<C> access = access();
    Lease former = successor();
    C kept = claimed(access, another, former);
    Lease latter = successor();
    claimed(access, resource, latter);

    assertRejected(access.claim(resource, former, soon()));

    assertThat(access.write(kept, 2)).isInstanceOf(Fenced.NotHeld.class);
    assertThat(access.show(another, former.fence())).isEqualTo(new Standing.Level());
    accepted(access.write(claimed(access, another, latter), 3));
    assertThat(access.show(another, former.fence()))
        .isEqualTo(new Standing.Differs(Optional.of(latter.fence())));
  }
}
