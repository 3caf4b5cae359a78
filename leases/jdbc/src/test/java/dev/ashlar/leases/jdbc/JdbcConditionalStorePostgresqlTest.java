package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Write;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-postgresql")
@Tag("engine")
@ResourceLock("postgresql")
class JdbcConditionalStorePostgresqlTest extends JdbcConditionalStoreProperties {

  JdbcConditionalStorePostgresqlTest() {
    super(TestDatabase.postgresql());
  }

  @Test
  void aWriteIsOneStatementAndARefusalTwo() throws Exception {
    VersionedWire wire = new VersionedWire(false);
    ConditionalStore<String> store =
        JdbcConditionalStore.of(
            wire.over(TestDatabase.postgresql().source()), "values", Codec.utf8());
    Key key = new Key("k-" + UUID.randomUUID());
    LeaseName job = new LeaseName("job");
    Fence fence = new Fence(new Contender(job, "host", "n"), new FencingToken(1));
    wire.reset();

    for (Write<String> write :
        List.of(
            Write.putIfVersion(key, "a", 0, "n1"),
            Write.putIfVersion(key, "b", 1, "n2"),
            Write.<String>deleteIfVersion(key, 2, "n3"),
            Write.putIfAbsent(key, "c", "n4"),
            Write.putIfFence(key, "d", fence, "n5"))) {
      assertThat(store.apply(write, soon())).isInstanceOf(Outcome.Applied.class);
      assertThat(wire.reset()).as("statements of %s", write).isEqualTo(1);
    }
    assertThat(store.apply(Write.putIfVersion(key, "e", 1, "n6"), soon()))
        .isInstanceOf(Outcome.Conflict.class);
    assertThat(wire.reset()).isEqualTo(2);
    store.get(key, soon());
    assertThat(wire.reset()).isEqualTo(1);
  }
}
