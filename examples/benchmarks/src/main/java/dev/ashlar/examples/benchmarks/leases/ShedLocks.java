package dev.ashlar.examples.benchmarks.leases;

import com.zaxxer.hikari.HikariDataSource;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.util.Optional;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.springframework.jdbc.core.JdbcTemplate;

/** ShedLock on the database's clock. It waits for nobody, and has no number. */
final class ShedLocks implements Locks {

  private static final Duration TERM = Duration.ofSeconds(15);

  private final HikariDataSource source;
  private final TimeSource time;
  private final LockProvider provider;

  ShedLocks(HikariDataSource source, TimeSource time) {
    this.source = source;
    this.time = time;
    this.provider =
        new JdbcTemplateLockProvider(
            JdbcTemplateLockProvider.Configuration.builder()
                .withJdbcTemplate(new JdbcTemplate(source))
                .usingDbTime()
                .build());
  }

  @Override
  public Hold acquire(String name, Deadline deadline) {
    LockConfiguration wanted = new LockConfiguration(time.wallTime(), name, TERM, Duration.ZERO);
    return new Held(
        provider
            .lock(wanted)
            .orElseThrow(() -> new IllegalStateException("lock: held (expected: free)")));
  }

  @Override
  public void close() {
    source.close();
  }

  private static final class Held implements Hold {
    private SimpleLock lock;

    Held(SimpleLock lock) {
      this.lock = lock;
    }

    @Override
    public boolean renew(Deadline deadline) {
      Optional<SimpleLock> longer = lock.extend(TERM, Duration.ZERO);
      lock = longer.orElseThrow(() -> new IllegalStateException("lock: lost (expected: held)"));
      return true;
    }

    @Override
    public void release(Deadline deadline) {
      lock.unlock();
    }
  }
}
