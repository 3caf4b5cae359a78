package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Effect;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.guard.Standing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What only MariaDB has: snapshots that a lock does not end, zones, collations, and its driver. */
@Tag("engine")
@ResourceLock("mariadb")
class JdbcLeaseSqlMariadbTest extends JdbcLeaseSqlProperties {

  JdbcLeaseSqlMariadbTest() throws SQLException {
    super(TestDatabase.mariadb());
  }

  @Test
  void aSnapshotFromBeforeTheClaimCannotWrite() throws Exception {
    Fence former = fence(1);
    floor().raise(resource, former, in(PATIENCE));
    Connection tx = accounts.begin();
    assertThat(accounts.read(tx, resource)).isZero();
    Connection late = accounts.begin();
    assertThat(floor().check(late, resource, former)).isEqualTo(new Standing.Level());
    accounts.write(late, resource, 7);
    accounts.commit(late);
    Fence latter = fence(2);
    floor().raise(resource, latter, in(PATIENCE));

    assertThat(accounts.read(tx, resource)).isZero();
    assertThat(floor().check(tx, resource, latter))
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE));
    assertThat(floor().check(tx, resource, former)).isInstanceOf(Standing.Differs.class);
    accounts.rollback(tx);

    Connection again = accounts.begin();
    assertThat(floor().check(again, resource, latter)).isEqualTo(new Standing.Level());
    assertThat(accounts.read(again, resource)).isEqualTo(7);
    accounts.rollback(again);
  }

  @Test
  void writersOfOneHolderRunSideBySide() throws Exception {
    Fence fence = fence(1);
    floor().raise(resource, fence, in(PATIENCE));
    Connection first = accounts.begin();
    floor().check(first, resource, fence);

    FutureTask<Standing> second =
        background(
            () -> {
              Connection tx = accounts.begin();
              Standing standing = floor().check(tx, resource, fence);
              accounts.rollback(tx);
              return standing;
            });

    assertThat(resultOf(second)).isEqualTo(new Standing.Level());
    accounts.rollback(first);
  }

  @Test
  void theZoneOfASessionChangesNothing() throws Exception {
    JdbcLeaseStore east = with("&sessionVariables=time_zone='+11:00'");
    JdbcLeaseStore west = with("&sessionVariables=time_zone='-11:00'");
    Contender holder = contender();
    Fence fence = done(east.grant(holder, TERM, in(PATIENCE)));

    assertThat(left(west)).isBetween(TERM.minus(PATIENCE), TERM);
    assertThat(west.extend(fence, TERM, in(PATIENCE))).isInstanceOf(Answer.Done.class);
    assertThat(left(east)).isBetween(TERM.minus(PATIENCE), TERM);
    assertThat(west.extendAll(List.of(fence), TERM, in(PATIENCE)))
        .allMatch(Answer.Done.class::isInstance);
    assertThat(left(east)).isBetween(TERM.minus(PATIENCE), TERM);
    assertThat(east.release(holder, in(PATIENCE))).isInstanceOf(Answer.Done.class);
    assertThat(west.grant(contender(), TERM, in(PATIENCE))).isInstanceOf(Answer.Done.class);
  }

  private static JdbcLeaseStore with(String settings) throws SQLException {
    return JdbcLeaseStore.of(TestDatabase.mariadbServer().source(settings), Observer.none());
  }

  private static Fence done(Answer<Grant> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    return ((Answer.Done<Grant>) answer).value().fence();
  }

  private Duration left(JdbcLeaseStore store) throws InterruptedException {
    Answer<Grant> answer = store.grant(contender(), TERM, in(PATIENCE));
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return ((Answer.Refused<Grant>) answer).current().orElseThrow().term();
  }

  @Test
  void aSessionKeepsItsZoneAlsoAfterAStatementThatWasBrokenOff() throws Exception {
    JdbcLeaseStore store = store(Observer.none());
    Fence fence = done(store.grant(contender(), TERM, in(PATIENCE)));
    Connection pooled = database.source().getConnection();
    set(pooled, "SET time_zone = '+03:00'");
    Connection tx = accounts.begin();
    try (PreparedStatement lock =
        tx.prepareStatement("SELECT token FROM ashlar_lease WHERE name = ? FOR UPDATE")) {
      lock.setString(1, name.value());
      lock.execute();
    }
    pooled.close();

    Answer<Grant> extended = store.extend(fence, TERM, in(Duration.ofMillis(200)));
    accounts.rollback(tx);

    assertThat(extended)
        .isInstanceOfSatisfying(
            Answer.Unknown.class,
            unknown -> assertThat(unknown.failure().effect()).isEqualTo(Effect.NONE));
    boolean found = false;
    try (Connection one = database.source().getConnection();
        Connection two = database.source().getConnection()) {
      for (Connection connection : List.of(one, two)) {
        found |= zone(connection).equals("+03:00");
        set(connection, "SET time_zone = 'SYSTEM'");
      }
    }
    assertThat(found).isTrue();
  }

  private static void set(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String zone(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@session.time_zone")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void namesThatDifferInCaseAreTwo() throws Exception {
    JdbcLeaseStore store = store(Observer.none());
    Contender lower = Contender.of(new LeaseName(name.value() + "-a"), "somebody", IDS);
    Contender upper = Contender.of(new LeaseName(name.value() + "-A"), "somebody", IDS);

    assertThat(store.grant(lower, TERM, in(PATIENCE))).isInstanceOf(Answer.Done.class);
    assertThat(store.grant(upper, TERM, in(PATIENCE))).isInstanceOf(Answer.Done.class);
  }

  @Test
  void settingsOfTheDriverAndTheSessionChangeNothing() throws Exception {
    for (String settings :
        List.of(
            "&useServerPrepStmts=true",
            "&useAffectedRows=true",
            "&transactionIsolation=SERIALIZABLE",
            "&sessionVariables=sql_mode='ANSI,SIMULTANEOUS_ASSIGNMENT,STRICT_ALL_TABLES'")) {
      everythingWorksWith(settings);
    }
  }

  private void everythingWorksWith(String settings) throws Exception {
    JdbcLeaseStore store = with(settings);
    Contender holder = contender();

    Fence fence = done(store.grant(holder, TERM, in(PATIENCE)));
    assertThat(done(store.grant(holder, TERM, in(PATIENCE)))).isEqualTo(fence);
    assertThat(done(store.extend(fence, TERM, in(PATIENCE)))).isEqualTo(fence);
    assertThat(store.extendAll(List.of(fence), TERM, in(PATIENCE)))
        .allMatch(Answer.Done.class::isInstance);
    assertThat(store.release(holder, in(PATIENCE))).isInstanceOf(Answer.Done.class);
    assertThat(store.release(holder, in(PATIENCE))).isInstanceOf(Answer.Done.class);
    Fence next = done(store.grant(contender(), TERM, in(PATIENCE)));
    assertThat(next.token().value()).isEqualTo(fence.token().value() + 1);

    JdbcFloor floor = JdbcFloor.of(TestDatabase.mariadbServer().source(settings));
    assertThat(floor.raise(resource, fence, in(PATIENCE))).isEqualTo(new Standing.Level());
    assertThat(floor.raise(resource, next, in(PATIENCE))).isEqualTo(new Standing.Level());
    assertThat(floor.raise(resource, fence, in(PATIENCE))).isInstanceOf(Standing.Differs.class);
    assertThat(floor.raise(resource, next, in(PATIENCE))).isEqualTo(new Standing.Level());
    assertThat(store.release(next.holder(), in(PATIENCE))).isInstanceOf(Answer.Done.class);
  }
}
