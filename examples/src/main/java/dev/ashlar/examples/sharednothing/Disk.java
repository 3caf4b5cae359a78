package dev.ashlar.examples.sharednothing;

import dev.ashlar.core.Observer;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.jdbc.JdbcFloor;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;

/**
 * A database that some of the partitions lie in, with their floors beside them: a volume that
 * outlives the node which has it mounted. No row is in two partitions, and only the owner of a
 * partition comes to its rows.
 */
record Disk(JdbcTransactions transactions, JdbcFloor floor, Guard<Connection> guard) {

  private static final List<String> TABLES =
      List.of(
          "session (part VARCHAR, id VARCHAR, customer VARCHAR, PRIMARY KEY (part, id))",
          "product (part VARCHAR, sku VARCHAR, category VARCHAR, stock INT, PRIMARY KEY (part,"
              + " sku))",
          "cart (part VARCHAR, session VARCHAR, sku VARCHAR)",
          "done (part VARCHAR, request VARCHAR, PRIMARY KEY (part, request))");

  static Disk fresh(String name) throws SQLException {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:shared-nothing-" + name + ";DB_CLOSE_DELAY=-1");
    JdbcLeaseSchema.create(source);
    JdbcTransactions transactions = JdbcTransactions.of(source);
    transactions.run(Disk::createTables);
    JdbcFloor floor = JdbcFloor.of(source);
    return new Disk(transactions, floor, Guard.over(floor, Observer.none()));
  }

  private static void createTables(Connection tx) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS session, product, cart, done");
      for (String table : TABLES) {
        statement.execute("CREATE TABLE " + table);
      }
    }
  }
}
