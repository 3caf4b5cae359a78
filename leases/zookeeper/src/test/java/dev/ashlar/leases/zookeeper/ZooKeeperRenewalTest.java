package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** One beacon renews many, and only what stands. */
@Tag("engine")
@Subject("zookeeper")
class ZooKeeperRenewalTest extends ZooKeeperRenewalProperties {}
