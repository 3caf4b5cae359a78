package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;

/** What is asked of a client before it is used: through Curator, and once. */
final class Opening {

  private Opening() {}

  /** Curator may try this again later than we wait for it, which harms nobody. */
  static void make(CuratorFramework client, String path, Deadline deadline)
      throws InterruptedException {
    Reply<Boolean> reply = new Reply<>();
    try {
      client
          .create()
          .creatingParentsIfNeeded()
          .inBackground((source, event) -> reply.set(event.getResultCode(), true))
          .forPath(path, new byte[0]);
    } catch (Exception e) {
      throw unanswered("open " + path, e);
    }
    require("open " + path, reply, deadline, KeeperException.Code.NODEEXISTS);
  }

  static List<ACL> rights(CuratorFramework client, String path, Deadline deadline)
      throws InterruptedException {
    Reply<List<ACL>> reply = new Reply<>();
    try {
      client
          .getACL()
          .inBackground((source, event) -> reply.set(event.getResultCode(), event.getACLList()))
          .forPath(path);
    } catch (Exception e) {
      throw unanswered("open " + path, e);
    }
    require("open " + path, reply, deadline, KeeperException.Code.OK);
    return List.copyOf(reply.value());
  }

  private static void require(
      String what, Reply<?> reply, Deadline deadline, KeeperException.Code instead)
      throws InterruptedException {
    Optional<KeeperException.Code> code = reply.await(deadline);
    if (code.filter(one -> one == KeeperException.Code.OK || one == instead).isEmpty()) {
      throw Failure.of(what, code, true);
    }
  }

  /** Takes the session that the client has now, for one request. */
  static Session session(
      CuratorFramework client, List<ACL> acl, Proofs proofs, String what, Deadline deadline)
      throws InterruptedException {
    if (deadline.hasExpired()) {
      throw new BackendException(
          what + ": deadline is over", Effect.NONE, new Advice.Transient(), null);
    }
    try {
      ZooKeeper handle = client.getZookeeperClient().getZooKeeper();
      return new Session(handle, acl, what, deadline, proofs);
    } catch (Exception e) {
      throw unanswered(what + ": no session", e);
    }
  }

  static BackendException unanswered(String what, Exception cause) throws InterruptedException {
    if (cause instanceof InterruptedException interrupted) {
      throw interrupted;
    }
    boolean misuse = cause instanceof IllegalStateException;
    return new BackendException(
        what, Effect.NONE, misuse ? new Advice.Permanent() : new Advice.Transient(), cause);
  }

  static void checkTimeout(CuratorFramework client) {
    Duration timeout =
        Duration.ofMillis(client.getZookeeperClient().getLastNegotiatedSessionTimeoutMs());
    if (timeout.compareTo(ZooKeeperLeaseStore.TIMEOUT_LEAST) < 0) {
      throw new IllegalArgumentException(
          "client: session timeout "
              + timeout
              + " (expected: at least "
              + ZooKeeperLeaseStore.TIMEOUT_LEAST
              + ")");
    }
  }
}
