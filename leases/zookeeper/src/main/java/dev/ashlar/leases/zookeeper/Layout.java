package dev.ashlar.leases.zookeeper;

import dev.ashlar.leases.LeaseName;
import org.apache.curator.utils.ZKPaths;

/**
 * Where things are. A lease's name stands behind a letter, because ZooKeeper takes {@code .} and
 * {@code ..} for something else.
 *
 * @param root an absolute path, the client's namespace included
 */
record Layout(String root) {

  private static final String QUEUE = "queue";
  private static final String FENCE = "fence";
  private static final String LETTER = "l-";

  String queues() {
    return ZKPaths.makePath(root, QUEUE);
  }

  String fences() {
    return ZKPaths.makePath(root, FENCE);
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
