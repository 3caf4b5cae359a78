package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** The floor in ZooKeeper keeps the contract of guards on a real server. */
@Tag("engine")
@Subject("zookeeper")
class ZooKeeperGuardTest extends ZooKeeperGuardProperties {}
