package dev.ashlar.leases.zookeeper;

import dev.ashlar.leases.LeaseName;
import org.apache.curator.utils.ZKPaths;

/**
 * Where things are, and where numbers begin. A lease's name stands behind a letter, because
 * ZooKeeper takes {@code .} and {@code ..} for something else.
 *
 * @param root an absolute path, the client's namespace included
 * @param tokensAbove what is added to a transaction's id to make it a token
 */
record Layout(String root, long tokensAbove) {

  private static final String QUEUE = "queue";
  private static final String FENCE = "fence";
  private static final String BEACON = "beacon";
  private static final String LETTER = "l-";

  String queues() {
    return ZKPaths.makePath(root, QUEUE);
  }

  String fences() {
    return ZKPaths.makePath(root, FENCE);
  }

  String beacons() {
    return ZKPaths.makePath(root, BEACON);
  }

  /** Returns the node that a session writes to show that it is alive. */
  String beacon(long session) {
    return ZKPaths.makePath(beacons(), Long.toHexString(session));
  }

  String queue(LeaseName name) {
    return ZKPaths.makePath(queues(), LETTER + name.value());
  }

  String fence(LeaseName name) {
    return ZKPaths.makePath(fences(), LETTER + name.value());
  }

  String place(LeaseName name, Place place) {
    return ZKPaths.makePath(queue(name), place.nodeName());
  }
}
