package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** What the client tries again does not reach the leases. */
@Tag("engine")
@Subject("zookeeper")
class ZooKeeperRetriesTest extends ZooKeeperRetriesProperties {}
