package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * What a claim does to former holders and to numbers: LEASE-43, LEASE-44, LEASE-46, LEASE-47 and
 * LEASE-49.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * @param <C> a claim
 */
public abstract class ClaimProperties<C> extends GuardFixture<C> {

  private static final int CLAIMERS = 4;
  private static final int ROUNDS = 8;

  /** For the contract. */
  ClaimProperties() {}

  @Test
  @Proves("LEASE-43")
  void afterAClaimNoFormerHolderWrites() throws Exception {
    GuardedAccess<C> access = access();
    C former = claimed(access, successor());
    accepted(access.write(former, 1));
    C latter = claimed(access(), successor());

    assertRejected(access.write(former, 2));
    accepted(access.write(latter, 3));

    assertThat(access.read(resource)).isEqualTo(3);
  }

  @Test
  @Proves("LEASE-43")
  void aFormerHolderCannotClaimAnyMore() throws Exception {
    GuardedAccess<C> access = access();
    Lease former = successor();
    C latter = claimed(access, successor());

    assertRejected(access.claim(resource, former, soon()));
    accepted(access.write(latter, 3));
  }

  @Test
  @Proves("LEASE-43")
  void aRestartForgetsNoClaim() throws Exception {
    Lease former = successor();
    GuardedAccess<C> before = access();
    accepted(before.write(claimed(before, former), 1));
    Lease latter = successor();
    claimed(access(), latter);

    restartResource();

    GuardedAccess<C> restarted = access();
    assertTurnedAway(restarted, former.fence());
    assertThat(restarted.raise(resource, former.fence(), soon()))
        .isInstanceOf(Standing.Differs.class);
    accepted(restarted.write(claimed(restarted, latter), 2));
  }

  /** Also among the first ones, when there is no floor yet that a claim could find. */
  @Test
  @Proves("LEASE-43")
  void ofClaimsThatComeTogetherTheLargestStands() throws Exception {
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < CLAIMERS; i++) {
      fences.add(successor().fence());
    }
    Fence largest = fences.get(CLAIMERS - 1);
    GuardedAccess<C> access = access();
    for (int round = 0; round < ROUNDS; round++) {
      String fresh = resource + "-" + round;
      CountDownLatch together = new CountDownLatch(1);
      List<Background<Standing>> claims = new ArrayList<>();
      for (Fence fence : fences) {
        claims.add(
            Background.start(
                "claim-" + fence.token().value(),
                () -> {
                  together.await();
                  return access.raise(fresh, fence, soon());
                }));
      }
      together.countDown();
      for (int i = 0; i < CLAIMERS; i++) {
        assertNotBelow(fences.get(i), resultOf("a claim", claims.get(i)));
      }
      assertThat(access.show(fresh, largest)).isEqualTo(new Standing.Level());
    }
  }

  private static void assertNotBelow(Fence fence, Standing standing) {
    if (standing instanceof Standing.Differs differs) {
      assertThat(differs.floor().orElseThrow().token())
          .as("the floor that refused it")
          .isGreaterThan(fence.token());
    } else {
      assertThat(standing).isEqualTo(new Standing.Level());
    }
  }

  @Test
  @Proves("LEASE-44")
  void aClaimSeesTheWriteUnderWayOrHasItRefused() throws Exception {
    GuardedAccess<C> access = access();
    C former = claimed(access, successor());
    Lease successor = successor();
    GuardedAccess.WriteUnderWay write = access.beginAndCheck(former, 7);
    Background<Long> claiming =
        Background.start(
            "claim",
            () -> {
              claimed(access(), successor);
              return access.read(resource);
            });
    if (claimsWait()) {
      LeaseFixture.linger();
      assertThat(claiming.isDone()).as("claimed beside a write").isFalse();
      accepted(write.finish());
      assertThat(resultOf("the claim", claiming)).isEqualTo(7);
    } else {
      assertThat(resultOf("the claim", claiming)).isZero();
      assertRejected(write.finish());
      assertThat(access.read(resource)).isZero();
    }
  }

  @Test
  @Proves("LEASE-44")
  void aClaimDoesNotWaitForAWriterThatHasDied() throws Exception {
    GuardedAccess<C> access = access();
    C former = claimed(access, successor());
    Lease successor = successor();
    GuardedAccess.WriteUnderWay write = access.beginAndCheck(former, 7);
    Background<C> claiming = Background.start("claim", () -> claimed(access(), successor));
    write.crash();

    C latter = resultOf("the claim", claiming);

    assertThat(access.read(resource)).isZero();
    accepted(access.write(latter, 8));
  }

  @Test
  @Proves("LEASE-44")
  void aWriteThatHasBegunButNotBeenCheckedIsRejected() throws Exception {
    GuardedAccess<C> access = access();
    C former = claimed(access, successor());
    GuardedAccess.WriteUnderWay write = access.begin(former, 7);
    claimed(access, successor());

    assertRejected(write.finish());

    assertThat(access.read(resource)).isZero();
  }

  @Test
  @Proves("LEASE-46")
  void aLargerNumberThatHasNotClaimedIsRejected() throws Exception {
    GuardedAccess<C> access = access();
    C claim = claimed(access, successor());
    Lease latter = successor();

    assertTurnedAway(access, latter.fence());

    accepted(access.write(claim, 1));
  }

  @Test
  @Proves("LEASE-46")
  void aClaimThatTheDataHaveForgottenIsNone() throws Exception {
    GuardedAccess<C> access = access();
    C claim = claimed(access, successor());
    forgetClaim(resource);

    assertRejected(access.write(claim, 1));
    assertThat(access.read(resource)).isZero();
  }

  @Test
  @Proves("LEASE-47")
  void claimingAgainSucceeds() throws Exception {
    Lease lease = successor();
    claimed(access(), lease);
    GuardedAccess<C> access = access();
    C again = claimed(access, lease);

    accepted(access.write(again, 1));
    assertThat(access.read(resource)).isEqualTo(1);
  }

  @Test
  @Proves("LEASE-47")
  void theSameNumberOfAnotherGrantIsAnError() throws Exception {
    Lease lease = successor();
    claimed(access(), lease);
    resetStore();
    Lease other = successor();
    assertThat(other.token()).isEqualTo(lease.token());

    assertRegression(other, lease.fence());
    GuardedAccess<C> access = access();
    accepted(access.write(claimed(access, lease), 1));
  }

  @Test
  @Proves("LEASE-49")
  void numbersThatWentBackAreAnErrorAndNothingIsWritten() throws Exception {
    GuardedAccess<C> access = access();
    claimed(access, successor());
    Lease last = successor();
    accepted(access.write(claimed(access, last), 5));
    resetStore();
    Lease reset = successor();
    assertThat(reset.token()).isLessThan(last.token());

    assertRegression(reset, last.fence());

    assertThat(access.read(resource)).isEqualTo(5);
    assertTurnedAway(access, reset.fence());
  }
}
