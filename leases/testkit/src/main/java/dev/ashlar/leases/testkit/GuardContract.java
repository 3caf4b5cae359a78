package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.guard.TokenRegressionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Floor}, and the {@link Guard} over it, must do, as tests: the properties
 * LEASE-43 to LEASE-49.
 *
 * <p>An adapter's test class extends this one, brings data and floor, and inherits the rest.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <T> the transaction
 */
public abstract class GuardContract<T> extends GuardFixture<T> {

  private static final int OWNERS = 4;
  private static final int TENURES = 6;
  private static final int WRITES = 5;

  /** For subclasses. */
  protected GuardContract() {}

  @Test
  @Proves("LEASE-43")
  void afterAClaimNoFormerHolderWrites() throws Exception {
    Guard<T> guard = guard();
    Claim<T> former = claimed(guard, successor());
    accepted(write(former, 1));
    Claim<T> latter = claimed(guard(), successor());

    assertRejected(write(former, 2));
    accepted(write(latter, 3));

    assertThat(read()).isEqualTo(3);
  }

  @Test
  @Proves("LEASE-43")
  void aFormerHolderCannotClaimAnyMore() throws Exception {
    Guard<T> guard = guard();
    Lease former = successor();
    Claim<T> latter = claimed(guard, successor());

    assertRejected(guard.claim(resource, former, soon()));
    accepted(write(latter, 3));
  }

  @Test
  @Proves("LEASE-43")
  void aRestartForgetsNoClaim() throws Exception {
    Lease former = successor();
    Claim<T> stale = claimed(guard(), former);
    accepted(write(stale, 1));
    Lease latter = successor();
    claimed(guard(), latter);

    restartResource();

    Floor<T> restarted = floor();
    T tx = data().begin();
    assertThat(restarted.check(tx, resource, former.fence())).isInstanceOf(Standing.Differs.class);
    data().rollback(tx);
    assertThat(restarted.raise(resource, former.fence(), soon()))
        .isInstanceOf(Standing.Differs.class);
    accepted(write(claimed(guard(), latter), 2));
  }

  @Test
  @Proves("LEASE-44")
  void aClaimWaitsForTheWriteUnderWayAndSeesIt() throws Exception {
    Guard<T> guard = guard();
    Claim<T> former = claimed(guard, successor());
    Lease successor = successor();
    T tx = data().begin();
    accepted(writeIn(tx, former, 7));
    Background<Long> claiming =
        Background.start(
            "claim",
            () -> {
              claimed(guard(), successor);
              return read();
            });
    LeaseFixture.linger();
    assertThat(claiming.isDone()).as("claimed beside a write").isFalse();

    data().commit(tx);

    assertThat(resultOf("the claim", claiming)).isEqualTo(7);
  }

  @Test
  @Proves("LEASE-44")
  void aClaimDoesNotWaitForAWriterThatHasDied() throws Exception {
    Guard<T> guard = guard();
    Claim<T> former = claimed(guard, successor());
    Lease successor = successor();
    T tx = data().begin();
    accepted(writeIn(tx, former, 7));
    Background<Claim<T>> claiming = Background.start("claim", () -> claimed(guard(), successor));
    data().crash(tx);

    Claim<T> latter = resultOf("the claim", claiming);

    assertThat(read()).isZero();
    accepted(write(latter, 8));
  }

  @Test
  @Proves("LEASE-44")
  void aTransactionThatHasBegunButNotCheckedIsRejected() throws Exception {
    Guard<T> guard = guard();
    Claim<T> former = claimed(guard, successor());
    T tx = data().begin();
    claimed(guard, successor());

    assertRejected(writeIn(tx, former, 7));

    data().commit(tx);
    assertThat(read()).isZero();
  }

  @Test
  @Proves("LEASE-45")
  void successiveHoldersLoseNoAcknowledgedUpdate() throws Exception {
    Seeds.check(
        1,
        (seed, random) -> {
          long before = read();
          AtomicLong acknowledged = new AtomicLong();
          List<Background<Boolean>> owners = new ArrayList<>();
          for (int i = 0; i < OWNERS; i++) {
            RandomGenerator own = Seeds.random(seed * OWNERS + i);
            owners.add(Background.start("owner-" + i, () -> increment(own, acknowledged)));
          }
          for (Background<Boolean> owner : owners) {
            assertThat(resultOf("the end of an owner", owner)).isTrue();
          }
          assertThat(acknowledged.get()).isGreaterThanOrEqualTo(TENURES);
          assertThat(read() - before).isEqualTo(acknowledged.get());
        });
  }

  /** Takes the lease from whoever has it, again and again, and counts up while it is let. */
  private boolean increment(RandomGenerator random, AtomicLong acknowledged) throws Exception {
    for (int tenure = 0; tenure < TENURES; tenure++) {
      Lease lease = succeed();
      Fenced<Claim<T>> claim = guard().claim(resource, lease, soon());
      if (claim instanceof Fenced.Accepted<Claim<T>> accepted) {
        boolean held = true;
        for (int i = 0; i < WRITES && held; i++) {
          held = incremented(accepted.value(), random);
          acknowledged.addAndGet(held ? 1 : 0);
        }
      }
    }
    return true;
  }

  /** One at a time, or a lease would be over at the store before it was there. */
  private synchronized Lease succeed() throws InterruptedException {
    return successor();
  }

  private boolean incremented(Claim<T> claim, RandomGenerator random) throws Exception {
    T tx = data().begin();
    try {
      Fenced<Long> written =
          claim.write(
              tx,
              () -> {
                long value = data().read(tx, resource);
                TimeSource.system().sleep(Duration.ofNanos(random.nextLong(2_000_000)));
                data().write(tx, resource, value + 1);
                return value;
              });
      data().commit(tx);
      return written instanceof Fenced.Accepted;
    } catch (Exception e) {
      data().rollback(tx);
      throw e;
    }
  }

  @Test
  @Proves("LEASE-46")
  void aLargerNumberThatHasNotClaimedIsRejected() throws Exception {
    Lease claimer = successor();
    Claim<T> claim = claimed(guard(), claimer);
    Lease latter = successor();
    Floor<T> floor = floor();

    T tx = data().begin();
    assertThat(floor.check(tx, resource, latter.fence())).isInstanceOf(Standing.Differs.class);
    data().rollback(tx);

    accepted(write(claim, 1));
  }

  @Test
  @Proves("LEASE-46")
  void aClaimThatTheDataHaveForgottenIsNone() throws Exception {
    Lease lease = successor();
    Claim<T> claim = claimed(guard(), lease);
    forgetClaim(resource);

    assertRejected(write(claim, 1));
    assertThat(read()).isZero();
  }

  @Test
  @Proves("LEASE-47")
  void claimingAgainSucceeds() throws Exception {
    Lease lease = successor();
    claimed(guard(), lease);
    Claim<T> again = claimed(guard(), lease);

    accepted(write(again, 1));
    assertThat(read()).isEqualTo(1);
  }

  @Test
  @Proves("LEASE-47")
  void theSameNumberOfAnotherGrantIsAnError() throws Exception {
    Lease lease = successor();
    claimed(guard(), lease);
    resetStore();
    Lease other = successor();
    assertThat(other.token()).isEqualTo(lease.token());

    assertRegression(other, lease.fence());
    accepted(write(claimed(guard(), lease), 1));
  }

  private void assertRegression(Lease lease, Fence floor) {
    Guard<T> guard = guard();
    assertThatThrownBy(() -> guard.claim(resource, lease, soon()))
        .isInstanceOfSatisfying(
            TokenRegressionException.class,
            e -> {
              assertThat(e.presented()).isEqualTo(lease.fence());
              assertThat(e.floor()).isEqualTo(floor);
            });
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.BACKEND_RESET);
  }

  @Test
  @Proves("LEASE-48")
  void aRejectionSaysBothNumbersAndEndsTheLease() throws Exception {
    Guard<T> guard = guard();
    Lease former = successor();
    Claim<T> stale = claimed(guard, former);
    Lease latter = successor();
    claimed(guard, latter);
    assertThat(former.state()).as("before it writes").isEqualTo(LeaseState.HELD);

    Fenced<Long> written = write(stale, 1);

    assertThat(written)
        .isInstanceOfSatisfying(
            Fenced.Rejected.class,
            rejected -> {
              assertThat(rejected.rejection().resource()).isEqualTo(resource);
              assertThat(rejected.rejection().presented()).isEqualTo(former.fence());
              assertThat(rejected.rejection().floor()).contains(latter.fence());
            });
    assertThat(former.state()).isEqualTo(LeaseState.LOST);
    assertThat(former.lossCause()).contains(LossCause.FENCED_BY_RESOURCE);
    assertThat(write(stale, 2)).isInstanceOf(Fenced.NotHeld.class);
  }

  @Test
  @Proves("LEASE-49")
  void numbersThatWentBackAreAnErrorAndNothingIsWritten() throws Exception {
    claimed(guard(), successor());
    Lease last = successor();
    accepted(write(claimed(guard(), last), 5));
    resetStore();
    Lease reset = successor();
    assertThat(reset.token()).isLessThan(last.token());

    assertRegression(reset, last.fence());

    assertThat(read()).isEqualTo(5);
    Floor<T> floor = floor();
    T tx = data().begin();
    assertThat(floor.check(tx, resource, reset.fence())).isInstanceOf(Standing.Differs.class);
    data().rollback(tx);
  }
}
