package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ChildJvm;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.testkit.CountingHolder;
import dev.ashlar.leases.testkit.ProcessContract;
import dev.ashlar.leases.zookeeper.ZooKeeperFloor.Transaction;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.retry.RetryOneTime;

/** Processes that hold leases in ZooKeeper, where the number is that they count. */
class ZooKeeperProcessTest extends ProcessContract {

  private static final Duration TERM = Duration.ofMillis(Server.SESSION_MILLIS * 2 / 3);

  private final Server server = Server.shared();
  private final String resource = "counted-" + SessionFixture.IDS.text();

  /** The child: {@code ADDRESS OWNER RESOURCE}. */
  public static final class Child {

    private Child() {}

    /** Counts until its lease is lost. */
    public static void main(String[] args) throws Exception {
      TimeSource time = TimeSource.system();
      CuratorFramework client = Server.client(args[0], Server.SESSION_MILLIS, new RetryOneTime(10));
      FlooredNumbers numbers = new FlooredNumbers(client);
      LeaseOptions options = LeaseOptions.of(args[1], new SplittableRandom()).withTerm(TERM);
      Deadline soon = Deadline.after(Duration.ofSeconds(10), time);
      Leases leases =
          Leases.of(
              ZooKeeperLeaseStore.open(client, ClosingStore.ROOT, soon, Observer.none()),
              options,
              IdSource.system(),
              time,
              Observer.none());
      Guard<Transaction> guard = Guard.over(numbers.floor(), Observer.none());
      CountingHolder<Transaction> holder =
          new CountingHolder<>(leases, guard, numbers, time, System.out);
      System.exit(holder.run(new LeaseName("lease-of-" + args[2]), args[2]));
    }
  }

  @Override
  protected ChildJvm start(String owner) throws Exception {
    return ChildJvm.start(Child.class, ChildJvm.SMALL, server.address(), owner, resource);
  }

  @Override
  protected long value() throws Exception {
    try (CuratorFramework client = server.client()) {
      return new FlooredNumbers(client).read(resource);
    }
  }

  @Override
  protected Duration term() {
    return TERM;
  }
}
