package dev.ashlar.examples.benchmarks.leases;

import com.zaxxer.hikari.HikariDataSource;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.support.locks.DistributedLock;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/**
 * Spring Integration's locks, with the insert that its documentation names for PostgreSQL. They
 * last by the clock of the process, and a held one is asked for again every tenth of a second.
 */
final class SpringLocks implements Locks {

  private static final Duration TERM = Duration.ofSeconds(15);

  private final HikariDataSource source;
  private final JdbcLockRegistry registry;

  SpringLocks(HikariDataSource source) {
    this.source = source;
    DefaultLockRepository repository = new DefaultLockRepository(source);
    repository.setInsertQuery(repository.getInsertQuery() + " ON CONFLICT DO NOTHING");
    repository.setTransactionManager(new DataSourceTransactionManager(source));
    repository.afterPropertiesSet();
    repository.afterSingletonsInstantiated();
    repository.start();
    this.registry = new JdbcLockRegistry(repository, TERM);
  }

  @Override
  public Hold acquire(String name, Deadline deadline) throws InterruptedException {
    DistributedLock lock = registry.obtain(name);
    if (!lock.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
      throw new IllegalStateException("lock: held (expected: free in time)");
    }
    return new Held(name, lock);
  }

  @Override
  public void close() {
    source.close();
  }

  private final class Held implements Hold {
    private final String name;
    private final DistributedLock lock;

    Held(String name, DistributedLock lock) {
      this.name = name;
      this.lock = lock;
    }

    @Override
    public boolean renew(Deadline deadline) {
      registry.renewLock(name);
      return true;
    }

    @Override
    public void release(Deadline deadline) {
      lock.unlock();
    }
  }
}
