package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseStore;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Test;

/** Properties of leases where sessions are what could break them. */
abstract class ZooKeeperSessionProperties extends SessionFixture {

  @Test
  @Proves("LEASE-13")
  void aGrantOutlivesTheSessionInWhichItWasAskedForFirst() throws Exception {
    ClosingStore first = process();
    LeaseStore second = seen(process());
    LeaseStore other = process();
    Contender contender = contender("somebody");
    Fence fence = done(first.grant(contender, TERM, soon())).fence();
    assertThat(done(second.grant(contender, TERM, soon())).fence()).isEqualTo(fence);

    server.expire(handle(first).getSessionId());

    assertThat(refused(other.grant(contender("other"), TERM, soon()))).contains(fence);
    assertThat(done(second.extend(fence, TERM, soon())).fence()).isEqualTo(fence);
  }

  /** The client believes its session is over while the server still has its nodes: CURATOR-604. */
  @Test
  @Proves("LEASE-13")
  void aGrantIsNotTakenFromTheNodeOfAReplacedSession() throws Exception {
    ClosingStore process = process();
    LeaseStore store = seen(process);
    Contender contender = contender("somebody");
    Fence fence = done(store.grant(contender, TERM, soon())).fence();
    long old = handle(process).getSessionId();
    handle(process).getTestable().injectSessionExpiration();
    Eventually.holds(
        "another session",
        PATIENCE,
        () -> handle(process).getSessionId() != old && handle(process).getSessionId() != 0);

    Answer<Grant> again = answered(() -> Optional.of(store.grant(contender, TERM, soon())));
    server.expire(old);

    // Whatever it was told, it is what the servers keep to.
    Contender other = contender("other");
    Answer<Grant> others = process().grant(other, TERM, soon());
    if (again instanceof Answer.Done) {
      assertThat(refused(others)).contains(fence);
      assertThat(ownersInQueue()).doesNotContain(old);
    } else {
      assertThat(done(others).fence().token()).isGreaterThan(fence.token());
    }
  }

  @Test
  @Proves("LEASE-19")
  void aGrantEndsWithItsSession() throws Exception {
    ClosingStore process = process();
    LeaseStore store = seen(process);
    Fence fence = done(store.grant(contender("somebody"), TERM, soon())).fence();

    server.expire(handle(process).getSessionId());

    Answer<Grant> late = answered(() -> Optional.of(store.extend(fence, TERM, soon())));
    assertThat(refused(late)).isEmpty();
    FencingToken next = done(process().grant(contender("next"), TERM, soon())).fence().token();
    assertThat(next).isGreaterThan(fence.token());
  }

  @Test
  @Proves("LEASE-7")
  void evenADeletedFenceDoesNotLowerTheNextToken() throws Exception {
    LeaseStore store = seen(process());
    Fence before = done(store.grant(contender("somebody"), TERM, soon())).fence();
    store.release(before.holder(), soon());
    try (CuratorFramework client = server.client()) {
      client.delete().forPath(ClosingStore.ROOT + "/queue/l-" + name.value());
      client.delete().forPath(ClosingStore.ROOT + "/fence/l-" + name.value());
    }

    Fence after = done(store.grant(contender("somebody"), TERM, soon())).fence();

    assertThat(after.token()).isGreaterThan(before.token());
  }
}
