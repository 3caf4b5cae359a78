package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;

/** What is asked of a client before it is used: through Curator, until it is answered. */
final class Opening {

  /** Between two tries, beside what the client's own retry policy waits for. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private Opening() {}

  /** Curator may try this again later than we wait for it, which harms nobody. */
  static void make(CuratorFramework client, String path, Deadline deadline)
      throws InterruptedException {
    Question<Boolean> create =
        reply ->
            client
                .create()
                .creatingParentsIfNeeded()
                .inBackground((source, event) -> reply.set(event.getResultCode(), true))
                .forPath(path, new byte[0]);
    answer("open " + path, create, Code.NODEEXISTS, deadline);
  }

  static List<ACL> rights(CuratorFramework client, String path, Deadline deadline)
      throws InterruptedException {
    Question<List<ACL>> rights =
        reply ->
            client
                .getACL()
                .inBackground(
                    (source, event) -> reply.set(event.getResultCode(), event.getACLList()))
                .forPath(path);
    return List.copyOf(answer("open " + path, rights, Code.OK, deadline).value());
  }

  /** What is asked, and does no harm if it is asked again. */
  @FunctionalInterface
  private interface Question<V> {
    void ask(Reply<V> reply) throws Exception;
  }

  /**
   * Asks again where the client gave up before the deadline: a server that is just starting takes
   * connections and drops them, and a policy of few retries is over by then.
   */
  private static <V> Reply<V> answer(
      String what, Question<V> question, Code instead, Deadline deadline)
      throws InterruptedException {
    Optional<Code> last = Optional.empty();
    while (true) {
      Reply<V> reply = new Reply<>();
      try {
        question.ask(reply);
      } catch (Exception e) {
        throw unanswered(what, e);
      }
      Optional<Code> code = reply.await(deadline);
      if (code.filter(one -> one == Code.OK || one == instead).isPresent()) {
        return reply;
      }
      if (code.isPresent()) {
        last = code;
      }
      if (deadline.hasExpired() || code.filter(Failure::isFinal).isPresent()) {
        throw Failure.of(what, last, true);
      }
      deadline.time().sleep(deadline.shortenedTo(PAUSE).remaining());
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
