package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.versioned.Edit;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Updater;
import java.sql.Connection;
import java.time.Duration;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The example shown in the doc comment of the conditional store. */
class VersionedDocExamplesTest {

  private final DataSource source = TestDatabase.h2InMemory().source();
  private final Observer observer = Observer.none();

  @Test
  void aCartIsUpdatedByAnybodyAndByTheHolder() throws Exception {
    RandomGenerator random = Seeds.random(Seeds.next());
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), TimeSource.system());
    Guard<Connection> guard = Guard.over(JdbcFloor.of(source), observer);
    MemoryLeaseStore store = MemoryLeaseStore.of(TimeSource.system());
    Leases leases =
        Leases.of(
            store,
            LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
            IdSource.system(),
            TimeSource.system(),
            observer);
    Lease lease = leases.acquire(new LeaseName("carts"), deadline).lease().orElseThrow();
    // [doc:JdbcConditionalStore]
    JdbcVersionedSchema.create(source);
    JdbcConditionalStore<String> carts = JdbcConditionalStore.of(source, "carts", Codec.utf8());
    Updater<String> anybody = Updater.of(carts, IdSource.system(), random, observer);

    Claim<Connection> claim = guard.claim("carts", lease, deadline).orThrow();
    Updater<String> holder = Updater.of(carts.under(claim), IdSource.system(), random, observer);
    // [/doc]
    Key cart = new Key("cart-7");
    assertThat(anybody.update(cart, seen -> new Edit.Put<>("2 pens"), deadline))
        .isInstanceOf(Updated.Applied.class);
    assertThat(holder.update(cart, seen -> new Edit.Put<>("3 pens"), deadline))
        .isInstanceOf(Updated.Applied.class);
    leases.close();
    assertThat(holder.update(cart, seen -> new Edit.Put<>("4 pens"), deadline))
        .isInstanceOf(Updated.Stale.class);
  }
}
