package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Guarantees;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.apache.curator.framework.CuratorFramework;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example shown in the doc comment of this module, and what its page says is declared. */
@Tag("engine")
class DocExamplesTest {

  private final TimeSource time = TimeSource.system();

  @Test
  void aLeaseIsTaken() throws Exception {
    LeaseOptions options = LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    try (CuratorFramework client = Server.shared().client()) {
      // [doc:ZooKeeperLeaseStore]
      LeaseStore store =
          ZooKeeperLeaseStore.open(client, "/ashlar/leases", deadline, Observer.none());
      store.guarantees().requireTokens(Guarantees.TokenStrength.STRICT);
      Leases leases = Leases.of(store, options, IdSource.system(), time, Observer.none());
      // [/doc]
      try (Lease lease = leases.acquire(new LeaseName("nightly"), deadline).lease().orElseThrow()) {
        assertThat(lease.stillHeld()).isTrue();
      }
    }
  }

  @Test
  void aNodeIsWrittenUnderAClaim() throws Exception {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), time);
    LeaseOptions options = LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
    Leases leases =
        Leases.of(MemoryLeaseStore.of(time), options, IdSource.system(), time, Observer.none());
    try (CuratorFramework client = Server.shared().client();
        Lease lease = leases.acquire(new LeaseName("routes"), deadline).lease().orElseThrow()) {
      // [doc:ZooKeeperFloor]
      // [readme:floor]
      ZooKeeperFloor floor = ZooKeeperFloor.open(client, "/shop/floors", deadline, Observer.none());
      Guard<Transaction> guard = Guard.over(floor, Observer.none());
      Claim<Transaction> claim = guard.claim("routes", lease, deadline).orThrow();
      String former = floor.write(claim, deadline, tx -> rerouted(tx)).orThrow();
      // [/readme]
      // [/doc]
      assertThat(former).isEqualTo("nowhere");
    }
  }

  private static String rerouted(Transaction tx) throws InterruptedException {
    String former = tx.read("/shop/routes").map(Bytes::toUtf8).orElse("nowhere");
    tx.write("/shop/routes", Bytes.utf8("north"));
    return former;
  }

  @Test
  void thePageShowsWhatTheStoreDeclares() throws Exception {
    String page = Files.readString(Path.of("README.md"));
    try (ClosingStore store = ClosingStore.open(Server.shared(), time)) {
      Guarantees declared = store.guarantees();
      assertThat(page)
          .contains(
              "| `ZooKeeperLeaseStore` | "
                  + words(declared.tokens())
                  + " | "
                  + words(declared.clock())
                  + " | "
                  + words(declared.fairness())
                  + " | "
                  + words(declared.terms())
                  + " |");
    }
  }

  private static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
