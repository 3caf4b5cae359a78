package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The tables of leases and floors.
 *
 * <p>The leases need not be in the same database as the data that they are for; the floors do.
 *
 * <p><b>Guarantees.</b> Creating is repeatable: what is there stays as it is.
 *
 * <p><b>Not guaranteed.</b> That tables of an older version are changed; there is none yet.
 *
 * <p><b>Failures.</b> {@link BackendException}; {@link IllegalArgumentException} for a database
 * that is none of H2, PostgreSQL and MariaDB.
 */
public final class JdbcLeaseSchema {

  /**
   * Says which transaction creates the tables while several programs start: "create if not exists"
   * is a look and an act, and two of them can collide. Any number will do; this one reads "leases".
   */
  private static final String ONE_AT_A_TIME =
      "SELECT pg_advisory_xact_lock(" + 0x6c6561736573L + ")";

  private static final String TABLES =
      """
      CREATE TABLE IF NOT EXISTS ashlar_lease (
        name        VARCHAR(64) PRIMARY KEY,
        token       BIGINT NOT NULL,
        owner       VARCHAR(64) NOT NULL,
        nonce       VARCHAR(64) NOT NULL,
        expires_at  {moment} NOT NULL
      ){options};
      CREATE TABLE IF NOT EXISTS ashlar_fence_floor (
        resource    VARCHAR(64) PRIMARY KEY,
        lease       VARCHAR(64) NOT NULL,
        token       BIGINT NOT NULL,
        owner       VARCHAR(64) NOT NULL,
        nonce       VARCHAR(64) NOT NULL
      ){options};
      """;

  private static final String DDL =
      TABLES.replace("{moment}", "TIMESTAMP(6) WITH TIME ZONE").replace("{options}", "");

  /**
   * A DATETIME is never converted between time zones; this one is in UTC. Names that differ in case
   * are two names, which a collation of words denies. InnoDB locks rows.
   */
  private static final String DDL_MARIADB =
      TABLES
          .replace("{moment}", "DATETIME(6)")
          .replace("{options}", " ENGINE = InnoDB CHARACTER SET ascii COLLATE ascii_bin");

  private JdbcLeaseSchema() {}

  /** Creates what is missing. */
  public static void create(DataSource source) {
    requireNonNull(source, "source");
    try (Connection connection = source.getConnection()) {
      create(connection);
    } catch (SQLException e) {
      throw SqlFailure.ofStatement("creating the tables of leases", e);
    }
  }

  private static void create(Connection connection) throws SQLException {
    boolean before = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      Dialect dialect = Dialect.of(connection);
      if (dialect == Dialect.POSTGRESQL) {
        statement.execute(ONE_AT_A_TIME);
      }
      for (String command : ddl(dialect).split(";\n", -1)) {
        if (!command.isBlank()) {
          statement.execute(command);
        }
      }
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(before);
    }
  }

  private static String ddl(Dialect dialect) {
    return dialect == Dialect.MARIADB ? DDL_MARIADB : DDL;
  }

  /**
   * Returns the statements for H2 and PostgreSQL, the same for both, for those who keep migrations
   * of their own.
   */
  public static String ddl() {
    return DDL;
  }

  /** Returns the statements for MariaDB, for those who keep migrations of their own. */
  public static String ddlForMariadb() {
    return DDL_MARIADB;
  }
}
