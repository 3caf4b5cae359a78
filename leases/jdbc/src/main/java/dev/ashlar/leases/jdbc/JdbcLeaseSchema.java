package dev.ashlar.leases.jdbc;

import dev.ashlar.core.BackendException;
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

  /** Reads "leases". */
  private static final long WORD = 0x6c6561736573L;

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

  /** A DATETIME is never converted between time zones; this one is in UTC. */
  private static final String DDL_MARIADB =
      TABLES.replace("{moment}", "DATETIME(6)").replace("{options}", Creation.MARIADB_OPTIONS);

  private JdbcLeaseSchema() {}

  /** Creates what is missing. */
  public static void create(DataSource source) {
    Creation.run(source, "the tables of leases", WORD, JdbcLeaseSchema::ddl);
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
