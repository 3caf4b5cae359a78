package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Write;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-mariadb")
@Tag("engine")
@ResourceLock("mariadb")
class JdbcClaimedStoreMariadbTest extends JdbcClaimedStoreProperties {

  JdbcClaimedStoreMariadbTest() {
    super(TestDatabase.mariadb());
  }

  @Test
  void settingsOfTheDriverAndTheSessionChangeNothing() throws Exception {
    for (String settings : JdbcConditionalStoreMariadbTest.SETTINGS) {
      Key key = fresh();
      Claim<Connection> old = claimed(successor());
      ConditionalStore<String> store = JdbcConditionalStoreMariadbTest.with(settings).under(old);

      assertThat(store.apply(Write.putIfVersion(key, "a", 0, "n1"), soon()))
          .as(settings)
          .isEqualTo(new Outcome.Applied<String>(1));
      assertThat(store.apply(Write.putIfVersion(key, "b", 1, "n2"), soon()))
          .as(settings)
          .isEqualTo(new Outcome.Applied<String>(2));
      assertThat(store.apply(Write.putIfVersion(key, "c", 1, "n3"), soon()))
          .as(settings)
          .isEqualTo(new Outcome.Conflict<>(open().get(key, soon())));
      claimed(successor());
      assertThat(store.apply(Write.putIfVersion(key, "d", 2, "n4"), soon()))
          .as(settings)
          .isInstanceOf(Outcome.Stale.class);
      assertThat(open().get(key, soon()).value()).hasValue("b");
    }
  }
}
