package dev.ashlar.examples.benchmarks.leases;

import com.zaxxer.hikari.HikariDataSource;
import dev.ashlar.core.Deadline;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What an application writes that takes the matter seriously: conditional statements on the
 * database's clock, and a number that the resource compares. It knows nothing of answers that are
 * lost, and waits for nobody.
 */
final class HandWrittenLocks implements Locks {

  private static final String MAKE =
      "insert into lease_by_hand(name, token, expires) values (?, 0, '-infinity')"
          + " on conflict do nothing";

  private static final String ACQUIRE =
      "update lease_by_hand set token = token + 1, owner = ?,"
          + " expires = clock_timestamp() + interval '15 seconds'"
          + " where name = ? and (expires < clock_timestamp() or owner is null) returning token";

  private static final String RENEW =
      "update lease_by_hand set expires = clock_timestamp() + interval '15 seconds'"
          + " where name = ? and token = ? and owner = ? and expires > clock_timestamp()";

  private static final String RELEASE =
      "update lease_by_hand set owner = null where name = ? and token = ? and owner = ?";

  private static final String CLAIM =
      "insert into floor_by_hand as f (name, token) values (?, ?)"
          + " on conflict (name) do update set token = excluded.token"
          + " where f.token <= excluded.token";

  private static final String WRITE =
      "insert into work as w (name, value, fence) values (?, 1, ?) on conflict (name) do update"
          + " set value = w.value + 1, fence = excluded.fence where w.fence <= excluded.fence";

  private static final String OWNER = "benchmark";

  private final HikariDataSource source;

  HandWrittenLocks(HikariDataSource source) {
    this.source = source;
  }

  @Override
  public Hold acquire(String name, Deadline deadline) throws SQLException {
    long token = take(name);
    if (token == 0) {
      boolean unused = expectOne(change(MAKE, name));
      token = take(name);
    }
    return new Held(name, token);
  }

  /** Returns the number; 0 if somebody else has it, or nobody ever had. */
  private long take(String name) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(ACQUIRE)) {
      statement.setString(1, OWNER);
      statement.setString(2, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private int change(String sql, Object... parameters) throws SQLException {
    try (Connection connection = source.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  private static boolean expectOne(int rows) {
    if (rows != 1) {
      throw new IllegalStateException("rows: " + rows + " (expected: 1)");
    }
    return true;
  }

  @Override
  public void close() {
    source.close();
  }

  private final class Held implements Hold {
    private final String name;
    private final long token;

    Held(String name, long token) {
      this.name = name;
      this.token = token;
    }

    @Override
    public long token() {
      return token;
    }

    @Override
    public boolean claim(Deadline deadline) throws SQLException {
      return expectOne(change(CLAIM, name, token));
    }

    @Override
    public boolean write(Deadline deadline) throws SQLException {
      return expectOne(change(WRITE, name, token));
    }

    @Override
    public boolean renew(Deadline deadline) throws SQLException {
      return expectOne(change(RENEW, name, token, OWNER));
    }

    @Override
    public void release(Deadline deadline) throws SQLException {
      boolean unused = expectOne(change(RELEASE, name, token, OWNER));
    }
  }
}
