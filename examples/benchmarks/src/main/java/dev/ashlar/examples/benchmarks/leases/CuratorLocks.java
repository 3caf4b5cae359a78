package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;

/** Curator's own recipe: its holder is a thread, it lasts while the process pings. */
final class CuratorLocks implements Locks {

  private final CuratorFramework client;
  private final Map<String, InterProcessMutex> mutexes = new ConcurrentHashMap<>();

  CuratorLocks(CuratorFramework client) {
    this.client = client;
  }

  @Override
  public Hold acquire(String name, Deadline deadline) throws Exception {
    InterProcessMutex mutex =
        mutexes.computeIfAbsent(name, one -> new InterProcessMutex(client, "/mutexes/" + one));
    if (!mutex.acquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException("lock: held (expected: free in time)");
    }
    return end -> mutex.release();
  }

  @Override
  public void close() {
    client.close();
  }
}
