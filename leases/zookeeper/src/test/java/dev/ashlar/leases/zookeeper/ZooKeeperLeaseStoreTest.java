package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** The store keeps the contract on a real server. */
@Tag("engine")
@Subject("zookeeper")
class ZooKeeperLeaseStoreTest extends ZooKeeperLeaseProperties {}
