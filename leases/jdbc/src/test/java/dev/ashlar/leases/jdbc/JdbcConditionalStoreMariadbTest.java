package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Codec;
import dev.ashlar.core.testkit.Subject;
import dev.ashlar.leases.versioned.ConditionalStore;
import dev.ashlar.leases.versioned.Key;
import dev.ashlar.leases.versioned.Outcome;
import dev.ashlar.leases.versioned.Write;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@Subject("jdbc-mariadb")
@Tag("engine")
@ResourceLock("mariadb")
class JdbcConditionalStoreMariadbTest extends JdbcConditionalStoreProperties {

  static final List<String> SETTINGS =
      List.of(
          "&useServerPrepStmts=true",
          "&useAffectedRows=true",
          "&transactionIsolation=SERIALIZABLE",
          "&sessionVariables=innodb_snapshot_isolation=ON",
          "&sessionVariables=sql_mode=''",
          "&sessionVariables=sql_mode='ANSI,SIMULTANEOUS_ASSIGNMENT,NO_BACKSLASH_ESCAPES'");

  JdbcConditionalStoreMariadbTest() {
    super(TestDatabase.mariadb());
  }

  static JdbcConditionalStore<String> with(String settings) throws SQLException {
    return JdbcConditionalStore.of(
        TestDatabase.mariadbServer().source(settings), "values", Codec.utf8());
  }

  @Test
  void settingsOfTheDriverAndTheSessionChangeNothing() throws Exception {
    for (String settings : SETTINGS) {
      everythingWorksWith(with(settings));
    }
  }

  private void everythingWorksWith(ConditionalStore<String> store) throws Exception {
    Key key = fresh();
    List<Write<String>> writes =
        List.of(
            Write.putIfVersion(key, "a\\'\0\"é", 0, "n1"),
            Write.putIfVersion(key, "b", 1, "n2"),
            Write.deleteIfVersion(key, 2, "n3"),
            Write.putIfAbsent(key, "", "n4"),
            Write.putIfFence(key, "d\\", fence(), "n5"));
    for (int i = 0; i < writes.size(); i++) {
      Write<String> write = writes.get(i);
      assertThat(store.apply(write, soon())).isEqualTo(new Outcome.Applied<String>(i + 1));
      assertThat(store.apply(write, soon())).isEqualTo(new Outcome.Applied<String>(i + 1));
      assertThat(store.get(key, soon()).value()).isEqualTo(write.value());
    }
    assertThat(store.apply(Write.putIfVersion(key, "e", 4, "n6"), soon()))
        .isEqualTo(new Outcome.Conflict<>(store.get(key, soon())));
    assertThat(store.get(key, soon()).nonces()).containsExactly("n5", "n4", "n3", "n2", "n1");
  }
}
