package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Properties of leases where sessions are what could break them. */
abstract class ZooKeeperSessionProperties extends Contract {

  static final TimeSource TIME = TimeSource.system();
  static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Duration TERM = Duration.ofMillis(Server.SESSION_MILLIS * 2 / 3);

  final Server server = Server.shared();
  final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final List<ClosingStore> opened = new ArrayList<>();

  /** Returns the store as the tests see it; overridden by twins only. */
  LeaseStore seen(ClosingStore store) {
    return store;
  }

  @Override
  protected Set<String> guarantees() {
    return Set.of("fifo");
  }

  final ClosingStore process() throws InterruptedException {
    ClosingStore store = ClosingStore.open(server, TIME);
    opened.add(store);
    return store;
  }

  @AfterEach
  void closeAll() {
    opened.forEach(ClosingStore::close);
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), TIME);
  }

  final Contender contender(String owner) {
    return Contender.of(name, owner, IDS);
  }

  static Grant done(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value();
  }

  static Optional<Fence> refused(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused<?>) answer).current().map(Grant::fence);
  }

  /** Asks until a session is there that answers. */
  static Answer<Grant> answered(Eventually.Source<Answer<Grant>> asking) throws Exception {
    return Eventually.value(
        "an answer",
        PATIENCE,
        () -> asking.get().filter(answer -> !(answer instanceof Answer.Unknown)));
  }

  static ZooKeeper handle(ClosingStore store) throws Exception {
    return store.client().getZookeeperClient().getZooKeeper();
  }

  /** Returns the sessions whose places stand in the queue. */
  final List<Long> ownersInQueue() throws Exception {
    List<Long> owners = new ArrayList<>();
    try (CuratorFramework client = server.client()) {
      String queue = ClosingStore.ROOT + "/queue/l-" + name.value();
      for (String place : client.getChildren().forPath(queue)) {
        Stat stat = client.checkExists().forPath(queue + "/" + place);
        owners.add(stat.getEphemeralOwner());
      }
    }
    return owners;
  }

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
