package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Eventually;
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

/** Processes with sessions of their own on one server, and the words of tests about them. */
abstract class SessionFixture extends Contract {

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
    return keep(ClosingStore.open(server, TIME));
  }

  /** Has a store closed after the test. */
  final ClosingStore keep(ClosingStore store) {
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

  static List<Answer<Grant>> renewed(LeaseStore store, Fence... fences)
      throws InterruptedException {
    return store.extendAll(List.of(fences), TERM, soon());
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
}
