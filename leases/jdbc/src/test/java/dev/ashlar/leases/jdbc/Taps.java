package dev.ashlar.leases.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What goes wrong, or is measured, between a store and its database. */
final class Taps {

  private Taps() {}

  /** The connection breaks after the database has granted a lease. */
  static Tap losingAnswers() {
    return new Tap() {
      @Override
      @Nullable Object execute(String sql, Call first, Call again) throws Throwable {
        Object result = first.run();
        // The first statement for a name finds no row, so an empty answer arrives.
        boolean grants = sql.contains("GREATEST(") || sql.contains("INSERT INTO ashlar_lease (");
        if (grants && (isCount(result) || isRow(result))) {
          throw new SQLException("the answer was lost on the way", "08006");
        }
        return result;
      }
    };
  }

  private static boolean isCount(@Nullable Object result) {
    return result instanceof Integer count && count > 0;
  }

  private static boolean isRow(@Nullable Object result) throws SQLException {
    return result instanceof ResultSet rows && rows.next();
  }

  /** Each answer is lost, and what was asked is asked again in another connection. */
  static Tap repeating() {
    return new Tap() {
      @Override
      @Nullable Object execute(String sql, Call first, Call again) throws Throwable {
        first.run();
        return again.run();
      }
    };
  }

  /** A mistake in the SQL. */
  static Tap replacing(String right, String wrong) {
    return new Tap() {
      @Override
      String sql(String sql) {
        return sql.replace(right, wrong);
      }
    };
  }

  /** Counts what needs an answer of the database. */
  static final class Counting extends Tap {
    private static final Set<String> FREE =
        Set.of(
            "getAutoCommit",
            "isClosed",
            "close",
            "getMetaData",
            "createArrayOf",
            "getNetworkTimeout",
            "setNetworkTimeout");

    private final AtomicInteger count = new AtomicInteger();

    @Override
    void called(String method) {
      if (!FREE.contains(method)) {
        count.incrementAndGet();
      }
    }

    @Override
    @Nullable Object execute(String sql, Call first, Call again) throws Throwable {
      count.incrementAndGet();
      return first.run();
    }

    /** Returns how many there were since it was asked last. */
    int counted() {
      return count.getAndSet(0);
    }
  }
}
