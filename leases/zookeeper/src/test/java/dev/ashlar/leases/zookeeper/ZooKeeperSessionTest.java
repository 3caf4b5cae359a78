package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.testkit.Subject;
import org.junit.jupiter.api.Tag;

/** Sessions come and go, and the store keeps its word. */
@Tag("engine")
@Subject("zookeeper")
class ZooKeeperSessionTest extends ZooKeeperSessionProperties {}
