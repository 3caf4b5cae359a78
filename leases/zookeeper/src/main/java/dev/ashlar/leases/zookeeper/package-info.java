/** Leases in ZooKeeper, through the caller's own Curator client. */
@NullMarked
package dev.ashlar.leases.zookeeper;

import org.jspecify.annotations.NullMarked;
