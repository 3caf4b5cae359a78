package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The table of values with versions.
 *
 * <p><b>Guarantees.</b> Creating is repeatable: what is there stays as it is.
 *
 * <p><b>Not guaranteed.</b> That a table of an older version is changed; there is none yet.
 *
 * <p><b>Failures.</b> {@link BackendException}; {@link IllegalArgumentException} for a database
 * that is none of H2, PostgreSQL and MariaDB.
 */
public final class JdbcVersionedSchema {

  /** As for the tables of leases: one program at a time. This number reads "values". */
  private static final String ONE_AT_A_TIME =
      "SELECT pg_advisory_xact_lock(" + 0x76616c756573L + ")";

  private static final String TABLE =
      """
      CREATE TABLE IF NOT EXISTS ashlar_versioned (
        store    VARCHAR(64) NOT NULL,
        name     VARCHAR(64) NOT NULL,
        version  BIGINT NOT NULL,
        val      {bytes},
        lease    VARCHAR(64) NOT NULL,
        fence    BIGINT NOT NULL,
        trail    VARCHAR(528) NOT NULL,
        PRIMARY KEY (store, name)
      ){options}
      """;

  private JdbcVersionedSchema() {}

  /** Creates what is missing. */
  public static void create(DataSource source) {
    requireNonNull(source, "source");
    try (Connection connection = source.getConnection()) {
      create(connection);
    } catch (SQLException e) {
      throw SqlFailure.ofStatement("creating the table of values", e);
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
      statement.execute(ddl(dialect));
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(before);
    }
  }

  private static String ddl(Dialect dialect) {
    return switch (dialect) {
      case H2 -> ddlForH2();
      case POSTGRESQL -> ddlForPostgresql();
      case MARIADB -> ddlForMariadb();
    };
  }

  /** Returns the statement for H2, for those who keep migrations of their own. */
  public static String ddlForH2() {
    return TABLE.replace("{bytes}", "VARBINARY(65535)").replace("{options}", "");
  }

  /** Returns the statement for PostgreSQL, for those who keep migrations of their own. */
  public static String ddlForPostgresql() {
    return TABLE.replace("{bytes}", "BYTEA").replace("{options}", "");
  }

  /**
   * Returns the statement for MariaDB, for those who keep migrations of their own. Names that
   * differ in case are two names, which a collation of words denies; InnoDB locks rows.
   */
  public static String ddlForMariadb() {
    return TABLE
        .replace("{bytes}", "LONGBLOB")
        .replace("{options}", " ENGINE = InnoDB CHARACTER SET ascii COLLATE ascii_bin");
  }
}
