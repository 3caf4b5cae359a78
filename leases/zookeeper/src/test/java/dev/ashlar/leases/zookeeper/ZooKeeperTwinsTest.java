package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What is usually done wrong with ZooKeeper is caught by the property that is named for it. */
@Tag("engine")
class ZooKeeperTwinsTest {

  @TestFactory
  Stream<DynamicTest> stores() {
    return Twins.of(ZooKeeperTwins.SuffixTokenTwin.class, "LEASE-7")
        .and(ZooKeeperTwins.NoOwnerCheckTwin.class, "LEASE-13")
        .and(ZooKeeperTwins.LastsWithTheSessionTwin.class, "LEASE-19")
        .and(ZooKeeperTwins.EmptyAfterRestartTwin.class, "LEASE-8")
        .and(ZooKeeperTwins.BeaconForAllTwin.class, "LEASE-13")
        .and(ZooKeeperTwins.BeaconForAllTwin.class, "LEASE-19")
        .and(ZooKeeperTwins.BeaconForAllTwin.class, "LEASE-24")
        .and(ZooKeeperTwins.BeaconForAllTwin.class, "LEASE-26")
        .and(ZooKeeperTwins.RetryWithoutNonceTwin.class, "LEASE-27")
        .tests();
  }
}
