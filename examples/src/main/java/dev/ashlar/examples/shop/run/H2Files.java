package dev.ashlar.examples.shop.run;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** The database files of one strategy, and how they are connected to. */
final class H2Files {

  static final String BROKER = "broker";
  static final String PLACED = "placed";
  static final String LEDGER = "ledger";
  static final String LEASES = "leases";
  static final String USER = "shop";

  /*
   * QUERY_CACHE_SIZE    a session keeps the plans of all queries that a service makes
   * LOCK_TIMEOUT        below the shortest deadline of an operation, which then need not set its own
   * CACHE_SIZE          kilobytes; seven databases share a small heap
   * MAX_COMPACT_TIME    a service that dies is to start again at once, not to tidy its file up first
   * WRITE_DELAY=0       a commit is in the file before it is answered, so that it survives kill -9
   * RETENTION_TIME=0    what was overwritten is free at once: nothing here survives a power failure,
   *                     which is what keeping it is for
   * AUTO_COMPACT...     files of a run are not worth tidying up while it lasts
   */
  private static final String OPTIONS =
      ";DB_CLOSE_ON_EXIT=FALSE;QUERY_CACHE_SIZE=64;LOCK_TIMEOUT=700;CACHE_SIZE=8192;MAX_COMPACT_TIME=0";
  private static final String SURVIVING_KILLS =
      ";WRITE_DELAY=0;RETENTION_TIME=0;AUTO_COMPACT_FILL_RATE=0";

  private H2Files() {}

  /** Opens a file in this process; it is closed with its last connection. */
  static DataSource open(Path folder, String name, String password) {
    return source("jdbc:h2:file:" + folder.resolve(name).toAbsolutePath() + OPTIONS, password);
  }

  /** Opens a file in this process, which may be killed at any moment. */
  static DataSource openToBeKilled(Path folder, String name) {
    String file = folder.resolve(name).toAbsolutePath().toString();
    return source("jdbc:h2:file:" + file + OPTIONS + SURVIVING_KILLS, "");
  }

  /** Connects to a file that a server has open. */
  static DataSource connect(int port, String name, String password) {
    return source("jdbc:h2:tcp://127.0.0.1:" + port + "/./" + name + OPTIONS, password);
  }

  private static DataSource source(String url, String password) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url);
    source.setUser(USER);
    source.setPassword(password);
    return source;
  }
}
