package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Effect;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.Standing;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.zookeeper.Server.Requests;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Outcome;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a commit in ZooKeeper relies on, and what it costs. */
@Tag("engine")
class ZooKeeperFloorTest {

  private static final Bytes ONE = Bytes.utf8("1");
  private static final Bytes TWO = Bytes.utf8("2");
  private static final Bytes THREE = Bytes.utf8("3");

  private final Server server = Server.shared();
  private final String resource = "resource-" + SessionFixture.IDS.text();
  private final LeaseName lease = new LeaseName("lease-" + SessionFixture.IDS.text());
  private final String path = FlooredNumbers.path(resource);
  private final Fence former = fence(5);
  private final Fence latter = fence(6);
  private CuratorFramework client;
  private ZooKeeperFloor floor;

  private Fence fence(long token) {
    return new Fence(Contender.of(lease, "holder", SessionFixture.IDS), new FencingToken(token));
  }

  @BeforeEach
  void open() throws Exception {
    client = server.client();
    floor = new FlooredNumbers(client).floor();
  }

  @AfterEach
  void close() {
    client.close();
  }

  private Standing raise(Fence fence) throws InterruptedException {
    return floor.raise(resource, fence, FlooredNumbers.soon());
  }

  private Transaction checked(Fence fence) throws InterruptedException {
    Transaction tx = floor.begin(FlooredNumbers.soon());
    assertThat(floor.check(tx, resource, fence)).isEqualTo(new Standing.Level());
    return tx;
  }

  private void assertData(Bytes data) throws Exception {
    assertThat(Bytes.owning(client.getData().forPath(path))).isEqualTo(data);
  }

  @Test
  void theServersRefuseWhatWasCheckedBeforeAClaim() throws Exception {
    raise(former);
    Transaction tx = checked(former);
    tx.write(path, ONE);
    raise(latter);

    assertThat(tx.commit()).isEqualTo(new Outcome.Overtaken());

    assertThat(client.checkExists().forPath(path)).isNull();
  }

  @Test
  void aTransactionReadsWhatItWroteAndWritesItAllAtOnce() throws Exception {
    raise(former);
    String other = path + "-other";
    Transaction tx = checked(former);
    assertThat(tx.read(path)).isEmpty();
    tx.write(path, ONE);
    assertThat(tx.read(path)).contains(ONE);
    tx.write(other, ONE);
    assertThat(tx.commit()).isEqualTo(new Outcome.Committed());

    Transaction next = checked(former);
    next.write(path, TWO);
    next.delete(other);
    next.delete(path + "-never");
    assertThat(next.read(other)).isEmpty();
    assertThat(next.commit()).isEqualTo(new Outcome.Committed());

    assertData(TWO);
    assertThat(client.checkExists().forPath(other)).isNull();
  }

  @Test
  void whatWasReadAndChangedSinceIsAConflictAndNothingIsWritten() throws Exception {
    raise(former);
    String other = path + "-other";
    client.create().forPath(other, ONE.toArray());
    Transaction tx = checked(former);
    assertThat(tx.read(other)).contains(ONE);
    tx.write(path, ONE);
    client.setData().forPath(other, TWO.toArray());

    assertThat(tx.commit()).isEqualTo(new Outcome.Conflict(other));

    assertThat(client.checkExists().forPath(path)).isNull();
  }

  @Test
  void aNodeThatCameMeanwhileIsAConflict() throws Exception {
    raise(former);
    Transaction tx = checked(former);
    tx.write(path, ONE);
    client.create().forPath(path, TWO.toArray());

    assertThat(tx.commit()).isEqualTo(new Outcome.Conflict(path));

    assertData(TWO);
  }

  @Test
  void parentsAndChildrenAreInTheWay() throws Exception {
    raise(former);
    Transaction orphan = checked(former);
    orphan.write(path + "/child", ONE);
    assertThat(orphan.commit()).isEqualTo(new Outcome.Conflict(path + "/child"));

    client.create().creatingParentsIfNeeded().forPath(path + "/child", ONE.toArray());
    Transaction parent = checked(former);
    parent.delete(path);
    assertThat(parent.commit()).isEqualTo(new Outcome.Conflict(path));
  }

  @Test
  void aCommitWhoseAnswerIsLostIsUnknown() throws Exception {
    raise(former);
    Transaction tx = checked(former);
    tx.write(path, ONE);
    server.loseNextAnswer();

    Outcome outcome = tx.commit();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.UNKNOWN));
  }

  /** What the servers would not take ends the connection, for all that the client does. */
  @Test
  void aTransactionThatIsTooLargeIsNotSent() throws Exception {
    raise(former);
    Transaction most = checked(former);
    most.write(path, Bytes.owning(new byte[999_000]));
    assertThat(most.commit()).isEqualTo(new Outcome.Committed());

    Requests before = server.requests();
    Transaction large = checked(former);
    large.write(path, Bytes.owning(new byte[600_000]));
    large.write(path + "-other", Bytes.owning(new byte[600_000]));
    assertThatThrownBy(large::commit)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageMatching("tx: 1200\\d{3} bytes \\(expected: up to 1000000\\)");
    assertThat(server.requests().since(before)).isEqualTo(new Requests(3, 0, 0));

    Transaction next = checked(former);
    next.write(path, ONE);
    assertThat(next.commit()).isEqualTo(new Outcome.Committed());
  }

  @Test
  void floorsAreApartFromTheData() {
    assertThatThrownBy(
            () -> ZooKeeperFloor.open(client, "/", FlooredNumbers.soon(), Observer.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path: / (expected: below it, apart from the data)");
  }

  @Test
  void twoResourcesAreCheckedInOneTransaction() throws Exception {
    raise(former);
    String another = resource + "-2";
    floor.raise(another, former, FlooredNumbers.soon());
    Transaction tx = checked(former);
    assertThat(floor.check(tx, another, former)).isEqualTo(new Standing.Level());
    tx.write(path, ONE);
    floor.raise(another, latter, FlooredNumbers.soon());

    assertThat(tx.commit()).isEqualTo(new Outcome.Overtaken());
  }

  /** The numbers in this module's page. */
  @Test
  void aClaimIsOneWriteAndACommitIsOne() throws Exception {
    client.create().forPath(path, ONE.toArray());
    Requests before = server.requests();
    raise(former);
    assertThat(server.requests().since(before)).isEqualTo(new Requests(1, 1, 0));

    before = server.requests();
    Transaction tx = checked(former);
    assertThat(tx.read(path)).contains(ONE);
    tx.write(path, TWO);
    assertThat(tx.commit()).isEqualTo(new Outcome.Committed());
    assertThat(server.requests().since(before)).isEqualTo(new Requests(2, 1, 0));
  }

  @Test
  void aWriteIsDoneAgainWithWhatIsThereNow() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    client.create().forPath(path, ONE.toArray());
    try (Lease held = held()) {
      Claim<Transaction> claim = claimed(held);

      Fenced<Boolean> written =
          floor.write(
              claim,
              FlooredNumbers.soon(),
              tx -> {
                boolean first = tx.read(path).equals(Optional.of(ONE));
                if (runs.incrementAndGet() == 1) {
                  client.setData().forPath(path, TWO.toArray());
                }
                tx.write(path, THREE);
                return first;
              });

      assertThat(written).isEqualTo(new Fenced.Accepted<>(false));
      assertThat(runs).hasValue(2);
      assertData(THREE);
    }
  }

  @Test
  void aWriteThatIsOvertakenEndsTheLease() throws Exception {
    try (Lease held = held()) {
      Claim<Transaction> claim = claimed(held);
      Fence next =
          new Fence(
              Contender.of(lease, "next", SessionFixture.IDS),
              new FencingToken(held.token().value() + 1));

      Fenced<Standing> written =
          floor.write(
              claim,
              FlooredNumbers.soon(),
              tx -> {
                tx.write(path, ONE);
                return raise(next);
              });

      assertThat(written)
          .isEqualTo(
              new Fenced.Rejected<>(new FenceRejection(resource, held.fence(), Optional.of(next))));
      assertThat(held.lossCause()).contains(LossCause.FENCED_BY_RESOURCE);
      assertThat(client.checkExists().forPath(path)).isNull();
    }
  }

  private Lease held() throws InterruptedException {
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next()));
    TimeSource time = TimeSource.system();
    return Leases.of(MemoryLeaseStore.of(time), options, SessionFixture.IDS, time, Observer.none())
        .tryAcquire(lease, FlooredNumbers.soon())
        .lease()
        .orElseThrow();
  }

  private Claim<Transaction> claimed(Lease held) throws InterruptedException {
    return Guard.over(floor, Observer.none())
        .claim(resource, held, FlooredNumbers.soon())
        .orThrow();
  }

  @Test
  void misuseIsRefused() throws Exception {
    raise(former);
    Transaction unchecked = floor.begin(FlooredNumbers.soon());
    assertThatThrownBy(() -> unchecked.write(path, ONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("tx: not checked (expected: inside Claim.write)");
    assertThatThrownBy(unchecked::commit).isInstanceOf(IllegalStateException.class);

    Transaction tx = checked(former);
    assertThatThrownBy(() -> tx.read(FlooredNumbers.FLOORS + "/r-" + resource))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(tx.commit()).isEqualTo(new Outcome.Committed());
    assertThatThrownBy(() -> tx.read(path)).hasMessage("tx: over (expected: a new one)");

    ZooKeeperFloor other =
        ZooKeeperFloor.open(client, "/ashlar/others", FlooredNumbers.soon(), Observer.none());
    Transaction foreign = other.begin(FlooredNumbers.soon());
    assertThatThrownBy(() -> floor.check(foreign, resource, former))
        .isInstanceOf(IllegalStateException.class);
    Fence strange =
        new Fence(
            Contender.of(new LeaseName("strange"), "holder", SessionFixture.IDS),
            new FencingToken(9));
    assertThatThrownBy(() -> raise(strange)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> floor.raise("a/b", former, FlooredNumbers.soon()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsNoFloorIsAnErrorAndNeverNone() throws Exception {
    client.create().forPath(FlooredNumbers.FLOORS + "/r-" + resource, ONE.toArray());

    assertThat(raise(former)).isInstanceOf(Standing.Unknown.class);
    Transaction tx = floor.begin(FlooredNumbers.soon());
    assertThat(floor.check(tx, resource, former)).isInstanceOf(Standing.Unknown.class);
  }
}
