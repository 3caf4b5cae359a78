package dev.ashlar.leases.jdbc;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What only a database can be asked catches what it is meant to catch. */
class JdbcTwinsTest {

  @TestFactory
  Stream<DynamicTest> eachTwinIsCaught() {
    return Twins.of(JdbcTwins.NoFenceTwin.class, "LEASE-18")
        .and(JdbcTwins.BatchByNameTwin.class, "LEASE-26")
        .and(JdbcTwins.RetryWithoutNonceTwin.class, "LEASE-27")
        .and(JdbcTwins.BatchWaitsTwin.class, "LEASE-75")
        .tests();
  }
}
