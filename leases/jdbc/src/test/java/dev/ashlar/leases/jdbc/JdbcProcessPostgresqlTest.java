package dev.ashlar.leases.jdbc;

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
import java.sql.Connection;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.postgresql.ds.PGSimpleDataSource;

/** Processes that hold leases in PostgreSQL, where the number is that they count. */
@ResourceLock("postgresql")
class JdbcProcessPostgresqlTest extends ProcessContract {

  private static final Duration TERM = Duration.ofSeconds(3);
  private static final AtomicInteger RUNS = new AtomicInteger();

  private final String resource = "counted-" + RUNS.incrementAndGet();

  /** The child: {@code URL OWNER RESOURCE}. */
  public static final class Child {

    private Child() {}

    /** Counts until its lease is lost. */
    public static void main(String[] args) throws Exception {
      PGSimpleDataSource direct = new PGSimpleDataSource();
      direct.setURL(args[0]);
      LendingSource source = new LendingSource(direct);
      TimeSource time = TimeSource.system();
      LeaseOptions options =
          LeaseOptions.of(args[1], new SplittableRandom())
              .withTerm(TERM)
              .withPollEvery(Duration.ofMillis(100));
      Leases leases =
          Leases.of(
              JdbcLeaseStore.of(source, Observer.none()),
              options,
              IdSource.system(),
              time,
              Observer.none());
      Guard<Connection> guard = Guard.over(JdbcFloor.of(source), Observer.none());
      CountingHolder<Connection> holder =
          new CountingHolder<>(leases, guard, new Accounts(source), time);
      System.exit(holder.run(new LeaseName("lease-of-" + args[2]), args[2]));
    }
  }

  @Override
  protected ChildJvm start(String owner) throws Exception {
    TestDatabase database = TestDatabase.postgresql();
    Accounts unused = new Accounts(database);
    try (Connection connection = database.source().getConnection()) {
      String url = connection.getMetaData().getURL();
      String user = (url.contains("?") ? "&" : "?") + "user=postgres";
      return ChildJvm.start(Child.class, ChildJvm.SMALL, url + user, owner, resource);
    }
  }

  @Override
  protected long value() throws Exception {
    Accounts accounts = new Accounts(TestDatabase.postgresql());
    Connection tx = accounts.begin();
    long value = accounts.read(tx, resource);
    accounts.rollback(tx);
    return value;
  }

  @Override
  protected Duration term() {
    return TERM;
  }
}
