package dev.ashlar.examples.shop.settle;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.jdbc.JdbcLeaseSchema;
import dev.ashlar.leases.jdbc.JdbcLeaseStore;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** What grants the leases of the settlement. */
public enum LeaseEngine {
  /** This process. */
  MEMORY,
  /** A database. */
  JDBC,
  /** A ZooKeeper server, started in this process for the night. */
  ZOOKEEPER;

  /** Returns the name as it stands on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the engine of that name. */
  public static Optional<LeaseEngine> named(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }

  /** Returns all names, for people. */
  public static String labels() {
    return Arrays.stream(values()).map(LeaseEngine::label).collect(Collectors.joining(", "));
  }

  /**
   * Makes the engine ready.
   *
   * @param database for the engine that is one
   * @param folder for the engine that has files of its own
   */
  Open open(DataSource database, Path folder, TimeSource time) throws InterruptedException {
    return switch (this) {
      case MEMORY -> shared(MemoryLeaseStore.of(time));
      case JDBC -> {
        JdbcLeaseSchema.create(database);
        yield shared(JdbcLeaseStore.of(database, Observer.none()));
      }
      case ZOOKEEPER -> ZooKeeperHere.start(folder, time);
    };
  }

  private static Open shared(LeaseStore store) {
    return new Open() {
      @Override
      public LeaseStore store() {
        return store;
      }

      @Override
      public void close() {}
    };
  }

  /** An engine at work. */
  interface Open extends AutoCloseable {

    /** Returns what grants the leases of one instance; closed with the engine. */
    LeaseStore store() throws InterruptedException;

    /** Stops what was started. */
    @Override
    void close();
  }
}
