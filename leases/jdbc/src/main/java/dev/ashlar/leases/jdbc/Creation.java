package dev.ashlar.leases.jdbc;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;
import javax.sql.DataSource;

/** Creates tables that are missing, all of them or none. */
final class Creation {

  /** Names that differ in case are two, which a collation of words denies; InnoDB locks rows. */
  static final String MARIADB_OPTIONS = " ENGINE = InnoDB CHARACTER SET ascii COLLATE ascii_bin";

  private Creation() {}

  /**
   * Creates what is missing.
   *
   * @param what is created, for messages
   * @param word says which transaction creates it while several programs start, in PostgreSQL:
   *     "create if not exists" is a look and an act, and two of them can collide
   * @param ddl statements, each with a semicolon at its end
   */
  static void run(DataSource source, String what, long word, Function<Dialect, String> ddl) {
    requireNonNull(source, "source");
    try (Connection connection = source.getConnection()) {
      run(connection, word, ddl);
    } catch (SQLException e) {
      throw SqlFailure.ofStatement("creating " + what, e);
    }
  }

  private static void run(Connection connection, long word, Function<Dialect, String> ddl)
      throws SQLException {
    boolean before = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      Dialect dialect = Dialect.of(connection);
      if (dialect == Dialect.POSTGRESQL) {
        statement.execute("SELECT pg_advisory_xact_lock(" + word + ")");
      }
      for (String command : ddl.apply(dialect).split(";\n", -1)) {
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
}
