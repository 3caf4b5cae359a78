package dev.ashlar.leases.jdbc;

import dev.ashlar.core.BackendException;
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

  /** Reads "values". */
  private static final long WORD = 0x76616c756573L;

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
    Creation.run(source, "the table of values", WORD, JdbcVersionedSchema::ddl);
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

  /** Returns the statement for MariaDB, for those who keep migrations of their own. */
  public static String ddlForMariadb() {
    return TABLE.replace("{bytes}", "LONGBLOB").replace("{options}", Creation.MARIADB_OPTIONS);
  }
}
