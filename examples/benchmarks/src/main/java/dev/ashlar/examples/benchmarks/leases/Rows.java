package dev.ashlar.examples.benchmarks.leases;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.ashlar.examples.benchmarks.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The tables that are not Ashlar's, and the pool of connections that all peers have alike. */
final class Rows {

  /** Adds one to what is done under a lock; makes the row if there is none. */
  static final String ADD =
      "insert into work as w (name, value) values (?, 1)"
          + " on conflict (name) do update set value = w.value + 1";

  /** One for each thread of the largest case, and some. */
  private static final int CONNECTIONS = 10;

  private static final long CONNECT_MILLIS = 3000;

  /** As the documentation of each peer says. */
  private static final String[] TABLES = {
    "create table if not exists work(name text primary key, value bigint not null,"
        + " fence bigint not null default 0)",
    "create table if not exists lease_by_hand(name text primary key, token bigint not null,"
        + " owner text, expires timestamptz not null)",
    "create table if not exists floor_by_hand(name text primary key, token bigint not null)",
    "create table if not exists shedlock(name varchar(64) primary key, lock_until timestamp not"
        + " null, locked_at timestamp not null, locked_by varchar(255) not null)",
    "create table if not exists int_lock(lock_key char(36) not null, region varchar(100) not null,"
        + " client_id char(36), created_date timestamp not null, expired_after timestamp not null,"
        + " constraint int_lock_pk primary key (lock_key, region))"
  };

  private Rows() {}

  /** Opens the pool, and makes the tables. */
  static HikariDataSource open(int port) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(PostgresServer.url(port));
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(CONNECT_MILLIS);
    HikariDataSource source = new HikariDataSource(config);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table : TABLES) {
        statement.execute(table);
      }
    }
    return source;
  }
}
