package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.ElectionContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** The contract of elections, over a database and by its clock. */
abstract class JdbcElectionProperties extends ElectionContract {

  private final TestDatabase database;

  JdbcElectionProperties(TestDatabase database) {
    this.database = database;
  }

  @AfterEach
  void everyConnectionWasGivenBack() throws Exception {
    Eventually.passes(patience(), () -> assertThat(database.source().lent()).isZero());
  }

  @Override
  protected LeaseStore open(TimeSource client) {
    return JdbcLeaseStore.of(database.source(), Observer.none());
  }

  @Override
  protected void restartStore() throws Exception {
    database.restart();
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  /** Ends in good time, and outlasts a machine with other things to do. */
  @Override
  protected Duration term() {
    return Duration.ofSeconds(2);
  }
}
