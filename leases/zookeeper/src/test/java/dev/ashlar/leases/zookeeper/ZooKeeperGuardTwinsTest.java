package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** What is usually done wrong with floors in ZooKeeper is caught. */
@Tag("engine")
class ZooKeeperGuardTwinsTest {

  @TestFactory
  Stream<DynamicTest> guards() {
    return Twins.of(ZooKeeperGuardTwins.CommitWithoutCheckTwin.class, "LEASE-44", "LEASE-45")
        .and(ZooKeeperGuardTwins.LaggingFloorTwin.class, "LEASE-43")
        .tests();
  }
}
