package dev.ashlar.examples.benchmarks.leases;

import java.nio.file.Path;
import java.util.Locale;

/** On what the peers work: only those on the same server are compared. */
enum LockServers {
  /** One server, durable. */
  ZOOKEEPER("ZooKeeper") {
    @Override
    LockServer start(Path folder) throws Exception {
      return ZooKeeperProcess.start(folder);
    }
  },
  /** One server, durable. */
  POSTGRESQL("PostgreSQL") {
    @Override
    LockServer start(Path folder) throws Exception {
      return PostgresProcess.start(folder);
    }
  };

  private final String title;

  LockServers(String title) {
    this.title = title;
  }

  /** Starts one that keeps its files in a folder. */
  abstract LockServer start(Path folder) throws Exception;

  String title() {
    return title;
  }

  /** Returns what the ids of its workloads begin with. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
