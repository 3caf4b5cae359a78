package dev.ashlar.examples.shop.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionsTest {

  private static final TimeSource TIME = TimeSource.system();

  @TempDir Path folder;
  private final Lifeline lifeline = new Lifeline("stock", TIME);
  private Connections connections;

  @BeforeEach
  void openWithOneRow() throws SQLException {
    connections = new Connections(H2Files.open(folder, "stock", ""), lifeline);
    try (Connection connection = connections.asSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (x INTEGER)");
      statement.execute("INSERT INTO t VALUES (1)");
    }
  }

  private long rowsAfterReopening() throws Exception {
    assertThat(lifeline.awaitAllGivenBack(Deadline.after(Duration.ofSeconds(5), TIME))).isTrue();
    connections.close();
    try (Connection connection = H2Files.open(folder, "stock", "").getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void whatWasNotCommittedWhenTheLineIsCutIsGone() throws Exception {
    JdbcTransactions transactions = JdbcTransactions.of(connections.asSource());

    assertThatThrownBy(
            () ->
                transactions.run(
                    tx -> {
                      try (Statement statement = tx.createStatement()) {
                        statement.execute("INSERT INTO t VALUES (2)");
                      }
                      lifeline.cut();
                    }))
        .hasMessageContaining("08006");

    assertThat(rowsAfterReopening()).isEqualTo(1);
  }

  @Test
  void nothingStartsOnACutLine() throws Exception {
    try (Connection connection = connections.asSource().getConnection()) {
      lifeline.cut();

      assertThatThrownBy(() -> connection.prepareStatement("INSERT INTO t VALUES (2)"))
          .isInstanceOf(SQLException.class);
      assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
      assertThatThrownBy(() -> connections.asSource().getConnection())
          .isInstanceOf(ServiceDied.class);
    }

    assertThat(rowsAfterReopening()).isEqualTo(1);
  }

  @Test
  void whoeverWaitsForTheEndWaitsForTheLastConnection() throws Exception {
    Deadline now = Deadline.after(Duration.ofMillis(1), TIME);
    try (Connection connection = connections.asSource().getConnection()) {
      lifeline.cut();

      assertThat(connection.isClosed()).isFalse();
      assertThat(lifeline.awaitAllGivenBack(now)).isFalse();
    }

    assertThat(lifeline.awaitAllGivenBack(now)).isTrue();
  }

  @Test
  void aConnectionComesBackWithoutWhatItsLastUserLeft() throws Exception {
    Connection first = connections.asSource().getConnection();
    first.setAutoCommit(false);
    try (PreparedStatement insert = first.prepareStatement("INSERT INTO t VALUES (?)")) {
      insert.setInt(1, 2);
      insert.executeUpdate();
    }
    first.close();
    first.close();

    try (Connection second = connections.asSource().getConnection();
        PreparedStatement insert = second.prepareStatement("INSERT INTO t VALUES (?)")) {
      assertThat(second.getAutoCommit()).isTrue();
      assertThatThrownBy(insert::executeUpdate).hasMessageContaining("Parameter");
    }

    assertThat(rowsAfterReopening()).isEqualTo(1);
  }
}
