package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.PauseAt;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.api.ACLProvider;
import org.apache.curator.retry.RetryOneTime;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the contract does not ask, because it is a matter of ZooKeeper. */
@Tag("engine")
class ZooKeeperQueueTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TERM = Duration.ofMillis(Server.SESSION_MILLIS * 2 / 3);
  private static final int LONG_SESSION_MILLIS = 30_000;

  private final Server server = Server.shared();
  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final String queue = ClosingStore.ROOT + "/queue/l-" + name.value();
  private final String fence = ClosingStore.ROOT + "/fence/l-" + name.value();
  private final List<ClosingStore> opened = new ArrayList<>();

  @AfterEach
  void closeAll() {
    opened.forEach(ClosingStore::close);
  }

  private ClosingStore process() throws InterruptedException {
    return process(Observer.none());
  }

  /** A process whose leases do not end while a slow machine runs a test. */
  private ClosingStore process(Observer observer) throws InterruptedException {
    return process(LONG_SESSION_MILLIS, observer);
  }

  private ClosingStore process(int sessionMillis, Observer observer) throws InterruptedException {
    ClosingStore store = ClosingStore.open(server.client(sessionMillis), TIME, observer);
    opened.add(store);
    return store;
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), TIME);
  }

  private Contender contender(String owner) {
    return Contender.of(name, owner, IDS);
  }

  private static Fence granted(LeaseStore store, Contender contender) throws InterruptedException {
    Answer<Grant> answer = store.grant(contender, TERM, soon());
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value().fence();
  }

  private static Optional<Fence> refused(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused<Grant>) answer).current().map(Grant::fence);
  }

  private static BackendException failure(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Unknown.class);
    return ((Answer.Unknown<?>) answer).failure();
  }

  private static <T> FutureTask<T> background(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "background");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static <T> T resultOf(FutureTask<T> task) throws Exception {
    Eventually.holds("the end of a task", PATIENCE, task::isDone);
    return task.get();
  }

  private List<String> places() throws Exception {
    try (CuratorFramework client = server.client()) {
      return client.checkExists().forPath(queue) == null
          ? List.of()
          : client.getChildren().forPath(queue);
    }
  }

  private static boolean awaited(LeaseStore store, Contender contender)
      throws InterruptedException {
    store.awaitChange(contender, Deadline.after(PATIENCE, TIME));
    return true;
  }

  private Leases leases(LeaseStore store, Duration term) {
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(term);
    return Leases.of(store, options, IDS, TIME, Observer.none());
  }

  @Test
  void whoAsksFirstIsServedFirstAndEachReleaseWakesOne() throws Exception {
    LeaseStore holder = process();
    Fence held = granted(holder, contender("holder"));
    List<LeaseStore> stores = List.of(process(), process(), process());
    List<Contender> waiting = new ArrayList<>();
    List<FutureTask<Boolean>> waits = new ArrayList<>();
    for (LeaseStore store : stores) {
      Contender contender = contender("waiting-" + waiting.size());
      assertThat(refused(store.grant(contender, TERM, soon()))).contains(held);
      waiting.add(contender);
      waits.add(background(() -> awaited(store, contender)));
    }
    for (int i = 0; i < stores.size(); i++) {
      assertThat(holder.release(held.holder(), soon())).isInstanceOf(Answer.Done.class);

      assertThat(resultOf(waits.get(i))).isTrue();
      for (int later = i + 1; later < stores.size(); later++) {
        assertThat(refused(stores.get(later).grant(waiting.get(later), TERM, soon())))
            .map(Fence::holder)
            .contains(waiting.get(i));
        assertThat(waits.get(later).isDone()).as("woken in vain").isFalse();
      }
      Fence next = granted(stores.get(i), waiting.get(i));
      assertThat(next.token()).isGreaterThan(held.token());
      holder = stores.get(i);
      held = next;
    }
  }

  @Test
  void renewalsWakeNobody() throws Exception {
    LeaseStore holder = process();
    LeaseStore other = process();
    Fence held = granted(holder, contender("holder"));
    Contender waiting = contender("waiting");
    assertThat(refused(other.grant(waiting, TERM, soon()))).contains(held);
    FutureTask<Boolean> wait = background(() -> awaited(other, waiting));

    for (int i = 0; i < 20; i++) {
      assertThat(holder.extend(held, TERM, soon())).isInstanceOf(Answer.Done.class);
    }

    assertThat(wait.isDone()).isFalse();
    holder.release(held.holder(), soon());
    assertThat(resultOf(wait)).isTrue();
  }

  @Test
  void aWaitingContenderThatLeavesDoesNotHoldUpTheOthers() throws Exception {
    LeaseStore store = process();
    Fence held = granted(store, contender("holder"));
    Contender leaving = contender("leaving");
    Contender staying = contender("staying");
    assertThat(refused(store.grant(leaving, TERM, soon()))).contains(held);
    assertThat(refused(store.grant(staying, TERM, soon()))).contains(held);

    assertThat(store.release(leaving, soon())).isInstanceOf(Answer.Refused.class);
    store.release(held.holder(), soon());

    assertThat(granted(store, staying).token()).isGreaterThan(held.token());
  }

  @Test
  void aWaitingContenderThatDoesNotAskLosesItsPlace() throws Exception {
    CountingObserver counts = new CountingObserver();
    ClosingStore silent = process(Server.SESSION_MILLIS, counts);
    LeaseStore store = process();
    Fence held = granted(store, contender("holder"));
    assertThat(refused(silent.grant(contender("silent"), TERM, soon()))).contains(held);

    Eventually.holds("one place", PATIENCE, () -> places().size() == 1);

    assertThat(counts.count("lease.zookeeper.lapsed")).isEqualTo(1);
    store.release(held.holder(), soon());
    granted(store, contender("next"));
  }

  /** The first in line may be slow to notice; whoever looks writes its grant for it. */
  @Test
  void aGrantThatSomebodyElseWroteHasOneNumber() throws Exception {
    try (PauseAt pause = PauseAt.named("lease.zookeeper.mint")) {
      LeaseStore before = process();
      Fence held = granted(before, contender("before"));
      LeaseStore slow = process(pause);
      Contender first = contender("first");
      assertThat(refused(slow.grant(first, TERM, soon()))).contains(held);
      before.release(held.holder(), soon());
      FutureTask<Fence> asking = background(() -> granted(slow, first));
      pause.awaitArrival(PATIENCE);

      Fence seen = refused(process().grant(contender("second"), TERM, soon())).orElseThrow();
      pause.release();

      assertThat(seen.holder()).isEqualTo(first);
      assertThat(resultOf(asking)).isEqualTo(seen);
    }
  }

  /** A request that stood still while its contender was granted, and gave the lease back. */
  @Test
  void aRequestThatArrivesAfterItsGrantIsOverTakesNoPlace() throws Exception {
    try (PauseAt pause = PauseAt.named("lease.zookeeper.enter")) {
      LeaseStore store = process(pause);
      Contender contender = contender("twice");
      FutureTask<Answer<Grant>> late = background(() -> store.grant(contender, TERM, soon()));
      pause.awaitArrival(PATIENCE);
      granted(store, contender);
      assertThat(store.release(contender, soon())).isInstanceOf(Answer.Done.class);

      pause.release();

      assertThat(refused(resultOf(late))).isEmpty();
      assertThat(places()).isEmpty();
    }
  }

  @Test
  void aNameMayBeADotOrSixtyFourCharacters() throws Exception {
    LeaseStore store = process();
    for (String text : List.of(".", "..", "zookeeper", "x".repeat(64))) {
      Contender contender = Contender.of(new LeaseName(text), "somebody", IDS);
      assertThat(granted(store, contender).holder()).isEqualTo(contender);
      store.release(contender, soon());
    }
  }

  @Test
  void aHeldLeaseSurvivesARestartOfTheServerWithItsNumber() throws Exception {
    ClosingStore store = process();
    try (Leases leases = leases(store, Duration.ofSeconds(20))) {
      Lease lease = leases.tryAcquire(name, soon()).lease().orElseThrow();

      server.restart();

      Eventually.holds("a confirmation", PATIENCE, () -> lease.confirm(soon()) == LeaseState.HELD);
      assertThat(
              granted(process(), Contender.of(new LeaseName("other-" + IDS.text()), "other", IDS))
                  .token())
          .isGreaterThan(lease.token());
    }
  }

  @Test
  void aHeldLeaseIsLostWhenItsSessionIsOver() throws Exception {
    ClosingStore process = process();
    try (Leases leases = leases(process, Duration.ofSeconds(20))) {
      Lease lease = leases.tryAcquire(name, soon()).lease().orElseThrow();

      server.expire(process.client().getZookeeperClient().getZooKeeper().getSessionId());

      Eventually.holds("the loss", PATIENCE, () -> lease.confirm(soon()) == LeaseState.LOST);
      assertThat(lease.lossCause()).contains(LossCause.EXPIRED);
    }
  }

  @Test
  void closingTheStoreGivesBackWhatIsLeft() throws Exception {
    ClosingStore process = process();
    Fence held = granted(process, contender("holder"));

    process.store().close();

    assertThat(granted(process(), contender("next")).token()).isGreaterThan(held.token());
    BackendException closed = failure(process.grant(contender("late"), TERM, soon()));
    assertThat(closed.effect()).isEqualTo(Effect.NONE);
    assertThat(closed.advice()).isEqualTo(new Advice.Permanent());
  }

  @Test
  void aServerThatIsNotThereIsAnUnknownAnswerInTime() throws Exception {
    try (Server own = Server.start()) {
      ClosingStore process = ClosingStore.open(own.client(), TIME, Observer.none());
      opened.add(process);
      Fence held = granted(process, contender("holder"));
      own.stop();

      Deadline deadline = Deadline.after(Duration.ofSeconds(1), TIME);
      assertThat(failure(process.extend(held, TERM, deadline)).advice())
          .isEqualTo(new Advice.Transient());
      Deadline over = Deadline.after(Duration.ZERO, TIME);
      assertThat(failure(process.grant(contender("late"), TERM, over)).effect())
          .isEqualTo(Effect.NONE);
    }
  }

  @Test
  void aSessionThatIsTooShortIsRefusedAtOnce() throws Exception {
    try (CuratorFramework client = server.client(1000)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> ZooKeeperLeaseStore.open(client, ClosingStore.ROOT, soon(), Observer.none()))
          .withMessage("client: session timeout PT1S (expected: at least PT1.5S)");
    }
  }

  @Test
  void aFenceThatIsNotOursIsNotTouched() throws Exception {
    LeaseStore store = process();
    try (CuratorFramework client = server.client()) {
      client.create().forPath(fence, new byte[] {1, 2, 3});

      BackendException failure = failure(store.grant(contender("somebody"), TERM, soon()));

      assertThat(failure.advice()).isEqualTo(new Advice.Permanent());
      assertThat(failure).hasMessageContaining("3 bytes (expected: owner nonce)");
      assertThat(client.getData().forPath(fence)).containsExactly(1, 2, 3);
    }
  }

  @Test
  void whatIsDeclaredIsWhatIsKept() throws Exception {
    Guarantees declared = process().guarantees();

    assertThat(declared.tokens()).isEqualTo(Guarantees.TokenStrength.STRICT);
    assertThat(declared.fairness()).isEqualTo(Guarantees.Fairness.FIFO);
    assertThat(declared.terms()).isEqualTo(Guarantees.Terms.PER_STORE);
    assertThat(declared.clock()).isEqualTo(Guarantees.ExpiryClock.BACKEND_ELAPSED);
  }

  @Test
  void whatIsMadeHasTheRightsAndTheNamespaceOfTheClient() throws Exception {
    ACLProvider creatorOnly = new SameForAll(ZooDefs.Ids.CREATOR_ALL_ACL);
    try (CuratorFramework client =
        CuratorFrameworkFactory.builder()
            .connectString(server.address())
            .retryPolicy(new RetryOneTime(10))
            .authorization("digest", "somebody:secret".getBytes(StandardCharsets.UTF_8))
            .aclProvider(creatorOnly)
            .namespace("tenant-" + IDS.text())
            .build()) {
      client.start();
      try (ZooKeeperLeaseStore store =
          ZooKeeperLeaseStore.open(client, "/leases", soon(), Observer.none())) {
        Contender contender = contender("somebody");
        granted(store, contender);

        List<ACL> rights = client.getACL().forPath("/leases/fence");
        assertThat(rights).hasSize(1).isNotEqualTo(ZooDefs.Ids.OPEN_ACL_UNSAFE);
        assertThat(client.getACL().forPath("/leases/fence/l-" + name.value())).isEqualTo(rights);
        assertThat(client.getACL().forPath("/leases/queue/l-" + name.value())).isEqualTo(rights);
        String place = client.getChildren().forPath("/leases/queue/l-" + name.value()).get(0);
        String path = "/leases/queue/l-" + name.value() + "/" + place;
        assertThat(client.getACL().forPath(path)).isEqualTo(rights);
      }
    }
  }

  private record SameForAll(List<ACL> rights) implements ACLProvider {
    @Override
    public List<ACL> getDefaultAcl() {
      return rights;
    }

    @Override
    public List<ACL> getAclForPath(String path) {
      return rights;
    }
  }

  /** The facts about transactions that the recipe stands on. */
  @Test
  void aTransactionChecksThatANodeIsThereAndTellsWhichItWas() throws Exception {
    ClosingStore process = process();
    ZooKeeper handle = process.client().getZookeeperClient().getZooKeeper();
    String node = ClosingStore.ROOT + "/" + IDS.text();
    handle.create(node, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
    Op write = Op.setData(node, new byte[] {1}, 0);

    assertThatThrownBy(() -> handle.multi(List.of(Op.check(node + "-missing", -1), write)))
        .isInstanceOf(KeeperException.NoNodeException.class);
    assertThat(handle.exists(node, false).getVersion()).isZero();

    List<OpResult> results = handle.multi(List.of(Op.check(node, -1), write));
    Stat stat = ((OpResult.SetDataResult) results.get(1)).getStat();
    assertThat(stat.getMzxid()).isEqualTo(handle.exists(node, false).getMzxid());
    assertThat(stat.getMzxid()).isGreaterThan(stat.getCzxid());
  }
}
