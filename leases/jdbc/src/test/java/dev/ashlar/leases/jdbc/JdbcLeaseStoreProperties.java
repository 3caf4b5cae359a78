package dev.ashlar.leases.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.testkit.LeaseStoreContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** The contract of lease stores, on a database. */
abstract class JdbcLeaseStoreProperties extends LeaseStoreContract {

  private final TestDatabase database;
  private final int lentBefore;

  JdbcLeaseStoreProperties(TestDatabase database) {
    this.database = database;
    this.lentBefore = database.source().lent();
  }

  @AfterEach
  void everyConnectionWasGivenBack() throws Exception {
    Eventually.passes(
        Duration.ofSeconds(30), () -> assertThat(database.source().lent()).isEqualTo(lentBefore));
  }

  @Override
  protected LeaseStore open(TimeSource client) {
    return JdbcLeaseStore.of(database.source(), Observer.none());
  }

  @Override
  protected LeaseStore openLosingAnswers() {
    return JdbcLeaseStore.of(new AnswersLost(database.source()).source(), Observer.none());
  }

  @Override
  protected void restartStore() throws Exception {
    database.restart();
  }

  /** Nothing is ever deleted; what runs again when programs start is the making of the tables. */
  @Override
  protected void cleanUp(LeaseName name) {
    JdbcLeaseSchema.create(database.source());
  }

  @Override
  protected TimeSource time() {
    return TimeSource.system();
  }

  /** Long enough for a machine with other things to do to come between a grant and its use. */
  @Override
  protected Duration term() {
    return Duration.ofSeconds(3);
  }
}
