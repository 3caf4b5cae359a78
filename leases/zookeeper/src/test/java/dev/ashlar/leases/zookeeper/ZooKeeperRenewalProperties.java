package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;

/** Properties of grants that are renewed together: one write must not speak for what is over. */
abstract class ZooKeeperRenewalProperties extends SessionFixture {

  @Test
  @Proves("LEASE-5")
  void eachOfManyIsRenewedWithItsToken() throws Exception {
    LeaseStore store = seen(process());
    List<Fence> fences = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Contender contender = Contender.of(new LeaseName("lease-" + IDS.text()), "somebody", IDS);
      fences.add(done(store.grant(contender, TERM, soon())).fence());
    }
    for (int round = 0; round < 3; round++) {
      List<Answer<Grant>> answers = renewed(store, fences.toArray(new Fence[0]));
      assertThat(answers).map(answer -> done(answer).fence()).isEqualTo(fences);
    }
  }

  @Test
  @Proves("LEASE-13")
  void whatABeaconRenewsNobodyElseGets() throws Exception {
    LeaseStore store = seen(process());
    LeaseStore others = process();
    Fence fence = done(store.grant(contender("somebody"), TERM, soon())).fence();
    Contender other = contender("other");
    assertThat(refused(others.grant(other, TERM, soon()))).contains(fence);
    long end = TIME.nanos() + TERM.multipliedBy(2).toNanos();

    while (TIME.nanos() - end < 0) {
      assertThat(done(renewed(store, fence).get(0)).fence()).isEqualTo(fence);
      assertThat(refused(others.grant(other, TERM, soon()))).contains(fence);
      TIME.sleep(TERM.dividedBy(10));
    }
  }

  @Test
  @Proves("LEASE-19")
  void aBeaconDoesNotSpeakForAGrantWhoseSessionIsOver() throws Exception {
    ClosingStore process = process();
    LeaseStore store = seen(process);
    Fence fence = done(store.grant(contender("somebody"), TERM, soon())).fence();
    done(renewed(store, fence).get(0));

    server.expire(handle(process).getSessionId());

    Answer<Grant> late = answered(() -> Optional.of(renewed(store, fence).get(0)));
    assertThat(refused(late)).isEmpty();
  }

  @Test
  @Proves("LEASE-19")
  void aBeaconDoesNotSpeakForAPlaceThatIsGone() throws Exception {
    LeaseStore store = seen(process());
    Fence fence = done(store.grant(contender("somebody"), TERM, soon())).fence();
    done(renewed(store, fence).get(0));

    try (CuratorFramework client = server.client()) {
      String queue = ClosingStore.ROOT + "/queue/l-" + name.value();
      client.delete().forPath(queue + "/" + client.getChildren().forPath(queue).get(0));
    }

    assertThat(refused(renewed(store, fence).get(0))).isEmpty();
  }

  /** The client believes its session is over while the server still has its nodes. */
  @Test
  @Proves("LEASE-13")
  void aBeaconDoesNotSpeakForTheNodeOfAReplacedSession() throws Exception {
    ClosingStore process = process();
    LeaseStore store = seen(process);
    Fence fence = done(store.grant(contender("somebody"), TERM, soon())).fence();
    long old = handle(process).getSessionId();
    handle(process).getTestable().injectSessionExpiration();
    Eventually.holds(
        "another session",
        PATIENCE,
        () -> handle(process).getSessionId() != old && handle(process).getSessionId() != 0);

    Answer<Grant> again = answered(() -> Optional.of(renewed(store, fence).get(0)));
    server.expire(old);

    // Whatever it was told, it is what the servers keep to.
    Answer<Grant> others = process().grant(contender("other"), TERM, soon());
    if (again instanceof Answer.Done) {
      assertThat(refused(others)).contains(fence);
      assertThat(ownersInQueue()).doesNotContain(old);
    } else {
      assertThat(done(others).fence().token()).isGreaterThan(fence.token());
    }
  }

  @Test
  @Proves("LEASE-24")
  void aRenewalAfterTheReleaseRevivesNothing() throws Exception {
    LeaseStore store = seen(process());
    Contender contender = contender("somebody");
    Fence fence = done(store.grant(contender, TERM, soon())).fence();
    done(renewed(store, fence).get(0));

    // The process that releases is another one, of which this one hears nothing.
    assertThat(process().release(contender, soon())).isInstanceOf(Answer.Done.class);

    assertThat(refused(renewed(store, fence).get(0))).isEmpty();
    Fence next = done(process().grant(contender("next"), TERM, soon())).fence();
    assertThat(refused(renewed(store, fence).get(0))).contains(next);
  }

  @Test
  @Proves("LEASE-26")
  void aFormerHoldersRenewalDoesNotExtendTheSuccessor() throws Exception {
    LeaseStore store = seen(process());
    Fence former = done(store.grant(contender("same"), TERM, soon())).fence();
    store.release(former.holder(), soon());
    Fence successor = done(store.grant(contender("same"), TERM, soon())).fence();
    Fence mixed = new Fence(successor.holder(), former.token());

    List<Answer<Grant>> answers = renewed(store, former, mixed, successor);

    assertThat(refused(answers.get(0))).contains(successor);
    assertThat(refused(answers.get(1))).contains(successor);
    assertThat(done(answers.get(2)).fence()).isEqualTo(successor);
  }
}
