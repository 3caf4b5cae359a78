package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Edit;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Updated;
import dev.ashlar.leases.versioned.Updater;
import java.time.Duration;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The example shown in the doc comment of the conditional store. */
class VersionedDocExamplesTest {

  private final DataSource source = TestDatabase.h2InMemory().source();

  @Test
  void aCartIsUpdated() throws Exception {
    RandomGenerator random = Seeds.random(Seeds.next());
    Deadline deadline = Deadline.after(Duration.ofSeconds(30), TimeSource.system());
    // [doc:JdbcConditionalStore]
    JdbcVersionedSchema.create(source);
    ConditionalStore<String> carts = JdbcConditionalStore.of(source, "carts", Codec.utf8());
    Updater<String> updater = Updater.of(carts, IdSource.system(), random, Observer.none());
    // [/doc]
    Updated<String> updated =
        updater.update(new Key("cart-7"), seen -> new Edit.Put<>("2 pens"), deadline);
    assertThat(updated).isInstanceOf(Updated.Applied.class);
  }
}
