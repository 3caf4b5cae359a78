package dev.ashlar.examples.benchmarks.leases;

import com.sun.management.OperatingSystemMXBean;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.benchmarks.Figures;
import dev.ashlar.examples.benchmarks.Heap;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many leases that one process holds, and does nothing else: what that costs is keeping them. It
 * fails where one of them is not held, in the middle or at the end.
 */
final class Renewals {

  private static final int TAKING_THREADS = 8;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double PER_CENT = 100;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final LeasesLocks locks;
  private final LockServer server;
  private final TimeSource time;
  private final Renewed renewed;

  Renewals(LeasesLocks locks, LockServer server, Renewed renewed, TimeSource time) {
    this.locks = locks;
    this.server = server;
    this.renewed = renewed;
    this.time = time;
  }

  /** Counts what the leases say of themselves. */
  static final class Renewed implements Observer {
    private final LongAdder count = new LongAdder();

    @Override
    public void count(String name, long amount) {
      if (name.equals("lease.renewed")) {
        count.add(amount);
      }
    }
  }

  Figures measure(int count, Duration warmUp, Duration window, Deadline deadline) throws Exception {
    List<Lease> leases = take(count, deadline);
    time.sleep(warmUp);
    expectHeld(leases);
    LockServer.Load loadBefore = server.load();
    long renewedBefore = renewed.count.sum();
    long startCpu = SYSTEM.getProcessCpuTime();
    long start = time.nanos();
    time.sleep(window);
    double seconds = (time.nanos() - start) / NANOS_PER_SECOND;
    double cpuSeconds = (SYSTEM.getProcessCpuTime() - startCpu) / NANOS_PER_SECOND;
    long renewals = renewed.count.sum() - renewedBefore;
    LockServer.Load load = server.load();
    expectHeld(leases);
    return Figures.of(cpuSeconds / seconds * PER_CENT)
        .with("leases", (double) leases.size())
        .with("renewals/s", renewals / seconds)
        .with("requests/s", (load.requests() - loadBefore.requests()) / seconds)
        .with("forced writes/s", (load.writes() - loadBefore.writes()) / seconds)
        .with("threads", (double) ManagementFactory.getThreadMXBean().getThreadCount())
        .with("heap kept, MB", Heap.megabytesKept());
  }

  private List<Lease> take(int count, Deadline deadline) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(TAKING_THREADS);
    try {
      List<Future<Lease>> taken = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String name = "held-" + i;
        taken.add(threads.submit(() -> locks.take(name, deadline)));
      }
      List<Lease> leases = new ArrayList<>();
      for (Future<Lease> one : taken) {
        leases.add(one.get());
      }
      return leases;
    } finally {
      threads.shutdownNow();
    }
  }

  private static void expectHeld(List<Lease> leases) {
    for (Lease lease : leases) {
      if (lease.state() != LeaseState.HELD) {
        throw new IllegalStateException(lease + " (expected: HELD)");
      }
    }
  }
}
