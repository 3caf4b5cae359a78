package dev.ashlar.leases.zookeeper;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.utils.ZKPaths;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.common.PathUtils;
import org.apache.zookeeper.data.ACL;

/*
 * A floor node for each resource, PATH/r-RESOURCE, and its version is the lock. A claim writes the node at the
 * version that it has seen; a commit is one transaction of the servers that begins with
 *
 *   check(PATH/r-RESOURCE, the version at which the holder's own claim was read)
 *
 * and goes on with the writes, each at the version that was read. The servers put claims and commits in one
 * order: a commit before the claim is seen by whoever claimed, because their answers come in that order; one
 * after it finds another version, and none of its writes is done. Nobody waits for anybody.
 *
 * So reads may be late. One from a follower that lags behind shows an old version, which the commit is refused
 * for. Only a floor that looks lower than the holder's own claim is read again after a sync: a holder would
 * otherwise be taken for one that never claimed.
 */

/**
 * The floor of a guard in ZooKeeper, for data in ZooKeeper: the servers themselves refuse what a
 * former holder writes, in the transaction of the write (CURATOR-542, CURATOR-689).
 *
 * <p><b>Guarantees.</b> As {@link Floor}, except that a claim does not wait: a transaction that was
 * checked before it and commits after it is refused, so it is {@link Outcome.Overtaken} (LEASE-44).
 * All writes of a transaction are done, or none. A transaction that read a node which somebody has
 * changed since commits nothing ({@link Outcome.Conflict}).
 *
 * <p><b>Not guaranteed.</b> Anything if a floor node is deleted by hand while holders work: its
 * versions begin again. So do those of a node of the data: one that was deleted and made again
 * after it was read can look as it was, so let what must not be missed be changed and not deleted.
 * That a node which was read, was not there, and is not written, is not there at the commit either;
 * the servers cannot check that. Anything about writes past the transactions.
 *
 * <p><b>Failures.</b> {@link Standing.Unknown} and {@link Outcome.Unknown} where the servers do not
 * answer; {@link BackendException} from reads and from {@link #begin}; {@link
 * IllegalStateException} as {@link Floor}.
 *
 * <p><b>Threads.</b> Safe; one {@link Transaction} is used by one thread at a time. Not to be used
 * in a watcher or a listener of the same client, which would wait for itself.
 *
 * <p><b>Limits.</b> {@value #NODES_MAX} nodes and {@value #BYTES_MAX} bytes in a transaction: the
 * servers end the connection over a request of more than 1,048,575, unless they are set up
 * otherwise. A resource takes one node for ever.
 *
 * <pre>{@code
 * ZooKeeperFloor floor = ZooKeeperFloor.open(client, "/shop/floors", deadline, Observer.none());
 * Guard<Transaction> guard = Guard.over(floor, Observer.none());
 * Claim<Transaction> claim = guard.claim("routes", lease, deadline).orThrow();
 * String former = floor.write(claim, deadline, tx -> rerouted(tx)).orThrow();
 * }</pre>
 *
 * @see <a href="https://issues.apache.org/jira/browse/CURATOR-689">CURATOR-689</a>
 */
public final class ZooKeeperFloor implements Floor<ZooKeeperFloor.Transaction> {

  /** The most nodes that are read and written in a transaction, all of them checked at its end. */
  public static final int NODES_MAX = 1_000;

  /** The most bytes of a transaction, those of its paths and of the request around them too. */
  public static final int BYTES_MAX = 1_000_000;

  /** What an operation takes beside its path and data: a header, lengths, access rights. */
  private static final int OPERATION_BYTES = 100;

  private static final int TRIES_MAX = 100;

  /** Each look that leads to none was overtaken by another claim. */
  private static final int LOOKS_MAX = 100;

  private final CuratorFramework client;
  private final String root;
  private final List<ACL> acl;
  private final Observer observer;
  private final Proofs proofs = new Proofs();

  private ZooKeeperFloor(CuratorFramework client, String root, List<ACL> acl, Observer observer) {
    this.client = client;
    this.root = root;
    this.acl = acl;
    this.observer = observer;
  }

  /**
   * Opens the floors below a path, which is made, with the client's access rights, if it is not
   * there. Floors, and nodes that transactions make, have the access rights of the path.
   *
   * @param client started; it stays the caller's
   * @param path absolute, below the client's namespace; apart from the data, and the same for all
   *     who claim
   * @param deadline of the opening, which asks again until then
   * @param observer sees the steps
   * @throws BackendException if the servers do not answer until then
   */
  public static ZooKeeperFloor open(
      CuratorFramework client, String path, Deadline deadline, Observer observer)
      throws InterruptedException {
    requireNonNull(observer, "observer");
    PathUtils.validatePath(path);
    if (path.equals("/")) {
      throw new IllegalArgumentException("path: / (expected: below it, apart from the data)");
    }
    Opening.make(client, path, deadline);
    List<ACL> acl = Opening.rights(client, path, deadline);
    String full = ZKPaths.fixForNamespace(client.getNamespace(), path);
    return new ZooKeeperFloor(client, full, acl, observer);
  }

  /**
   * Begins a transaction of the client's present session. It asks for nothing before its first
   * check.
   *
   * @param deadline of all that is read in it, and of its commit
   * @throws BackendException if there is no session
   */
  public Transaction begin(Deadline deadline) throws InterruptedException {
    return new Transaction(session("transaction", deadline));
  }

  /**
   * Does work in a transaction and commits it, again if somebody changed meanwhile what it has
   * read. If a successor has claimed, the lease is lost at once.
   *
   * @param deadline of all of it
   * @param work reads and writes, in this transaction only; may run several times
   * @return what the work returned whose writes are durable now, or why there are none
   * @throws BackendException if the servers do not answer, which may leave the writes done, or if
   *     what was read was changed 100 times
   */
  public <R, X extends Exception> Fenced<R> write(
      Claim<Transaction> claim, Deadline deadline, Writing<R, X> work)
      throws X, InterruptedException {
    for (int i = 0; i < TRIES_MAX; i++) {
      Transaction tx = begin(deadline);
      Fenced<R> done = claim.write(tx, () -> work.run(tx));
      if (!(done instanceof Fenced.Accepted)) {
        return done;
      }
      Outcome outcome = tx.commit();
      if (outcome instanceof Outcome.Committed) {
        return done;
      }
      if (outcome instanceof Outcome.Unknown unknown) {
        throw unknown.failure();
      }
      // Who was overtaken is told by whom when it comes again.
    }
    throw overtaken(claim.resource() + ": write", TRIES_MAX);
  }

  /**
   * What is done in a transaction.
   *
   * @param <R> its result
   * @param <X> how it fails
   */
  @FunctionalInterface
  public interface Writing<R, X extends Exception> {

    /** Does it. */
    R run(Transaction tx) throws X;
  }

  @Override
  public Standing raise(String resource, Fence fence, Deadline deadline)
      throws InterruptedException {
    String path = path(resource);
    try {
      Session session = session(resource + ": claim", deadline);
      Optional<Standing> standing = Optional.empty();
      for (int i = 0; i < LOOKS_MAX && standing.isEmpty(); i++) {
        observer.step("zookeeper-floor.raise");
        standing = raised(session, resource, path, fence);
      }
      return standing.orElseGet(
          () -> new Standing.Unknown(overtaken(resource + ": claim", LOOKS_MAX)));
    } catch (BackendException e) {
      return new Standing.Unknown(e);
    }
  }

  /** Empty if somebody else was faster. */
  private static Optional<Standing> raised(
      Session session, String resource, String path, Fence fence) throws InterruptedException {
    Optional<FloorNode> seen = FloorNode.read(session, path);
    seen.ifPresent(floor -> floor.requireLease(resource, fence));
    Op change;
    if (seen.isEmpty()) {
      change = session.creation(path, FloorNode.bytes(fence), CreateMode.PERSISTENT);
    } else if (seen.get().isBelow(fence)) {
      change = Op.setData(path, FloorNode.bytes(fence), seen.get().version());
    } else if (seen.get().fence().equals(fence)) {
      // What was read may be old; this is not.
      change = Op.check(path, seen.get().version());
    } else {
      return Optional.of(new Standing.Differs(seen.map(FloorNode::fence)));
    }
    return session.change(change).map(done -> new Standing.Level());
  }

  private static BackendException overtaken(String what, int times) {
    return new BackendException(
        what + ": overtaken " + times + " times",
        Effect.NONE,
        new Advice.Overloaded(Duration.ZERO),
        null);
  }

  @Override
  public Standing check(Transaction tx, String resource, Fence fence) {
    String path = path(resource);
    if (!tx.isOf(this)) {
      throw new IllegalStateException("tx: of another client or path (expected: of this floor's)");
    }
    try {
      return tx.check(resource, path, fence);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Standing.Unknown(
          new BackendException(
              resource + ": check, interrupted", Effect.NONE, new Advice.Transient(), e));
    } catch (BackendException e) {
      return new Standing.Unknown(e);
    }
  }

  private String path(String resource) {
    if (!IdSource.isWellFormed(resource)) {
      throw new IllegalArgumentException(
          "resource: "
              + resource.length()
              + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    return ZKPaths.makePath(root, "r-" + resource);
  }

  private Session session(String what, Deadline deadline) throws InterruptedException {
    return Opening.session(client, acl, proofs, what, deadline);
  }

  /** What came of a commit. */
  public sealed interface Outcome {

    /** All of it is written, and durable. */
    record Committed() implements Outcome {}

    /**
     * A successor has claimed, and nothing was written. The holder's next check or claim says who,
     * and ends the lease.
     */
    record Overtaken() implements Outcome {}

    /**
     * Nothing was written, because a node is not as it was read, or, in spite of what was read, it
     * has no parent to be made under or children that keep it from being deleted.
     *
     * @param path which
     */
    record Conflict(String path) implements Outcome {}

    /**
     * The servers did not say.
     *
     * @param failure what went wrong, and whether it may be written
     */
    record Unknown(BackendException failure) implements Outcome {

      /** Checks the part. */
      public Unknown {
        requireNonNull(failure, "failure");
      }
    }
  }

  /** Reads, and writes that are done together at the end. It holds nothing, and nobody up. */
  public final class Transaction {
    private final Session session;
    private final Map<String, Integer> floors = new LinkedHashMap<>();
    private final Map<String, Item> items = new LinkedHashMap<>();
    private boolean over;

    private Transaction(Session session) {
      this.session = session;
    }

    /** A node of the data: what was read, and what is to be there. */
    private record Item(Optional<Integer> version, Optional<Bytes> data, boolean changed) {}

    private boolean isOf(ZooKeeperFloor floor) {
      return floor.client == client && floor.root.equals(root);
    }

    private Standing check(String resource, String path, Fence fence) throws InterruptedException {
      requireOpen();
      Optional<FloorNode> floor = FloorNode.read(session, path);
      if (floor.isEmpty() || floor.get().isBelow(fence)) {
        session.sync(path);
        floor = FloorNode.read(session, path);
      }
      floor.ifPresent(one -> one.requireLease(resource, fence));
      if (floor.filter(one -> one.fence().equals(fence)).isEmpty()) {
        return new Standing.Differs(floor.map(FloorNode::fence));
      }
      floors.putIfAbsent(path, floor.get().version());
      return new Standing.Level();
    }

    /**
     * Returns what is in a node, with what this transaction wrote there; empty if it is not there.
     *
     * @param path absolute, below the client's namespace
     * @throws IllegalStateException if the transaction was not checked, or is over
     */
    public Optional<Bytes> read(String path) throws InterruptedException {
      return item(path).data();
    }

    /**
     * Writes a node at the commit, and makes it if it is not there; its parent is. A node that was
     * not read is read first.
     *
     * @throws IllegalStateException as {@link #read}
     */
    public void write(String path, Bytes data) throws InterruptedException {
      change(path, Optional.of(data));
    }

    /**
     * Deletes a node at the commit, if it is there; it has no children.
     *
     * @throws IllegalStateException as {@link #read}
     */
    public void delete(String path) throws InterruptedException {
      change(path, Optional.empty());
    }

    private void change(String path, Optional<Bytes> data) throws InterruptedException {
      Item before = item(path);
      items.put(path, new Item(before.version(), data, true));
    }

    private Item item(String path) throws InterruptedException {
      requireOpen();
      PathUtils.validatePath(path);
      requireChecked();
      Item known = items.get(path);
      if (known != null) {
        return known;
      }
      if (items.size() == NODES_MAX) {
        throw new IllegalStateException("tx: more than " + NODES_MAX + " nodes (expected: fewer)");
      }
      Optional<Session.Data> data = session.read(full(path));
      Item read =
          new Item(data.map(one -> one.stat().getVersion()), data.map(Session.Data::bytes), false);
      items.put(path, read);
      return read;
    }

    private String full(String path) {
      String full = ZKPaths.fixForNamespace(client.getNamespace(), path);
      if (full.equals(root) || full.startsWith(root + "/")) {
        throw new IllegalArgumentException("path: " + path + " (expected: not below the floors)");
      }
      return full;
    }

    /**
     * Asks the servers for all of it at once, if nobody has claimed and changed meanwhile.
     *
     * @throws IllegalStateException if the transaction was not checked, is over, or is too large
     */
    public Outcome commit() throws InterruptedException {
      requireOpen();
      requireChecked();
      requireSize();
      over = true;
      List<Op> operations = new ArrayList<>();
      floors.forEach((path, version) -> operations.add(Op.check(path, version)));
      List<String> paths = new ArrayList<>();
      items.forEach(
          (path, item) ->
              operation(full(path), item)
                  .ifPresent(
                      operation -> {
                        operations.add(operation);
                        paths.add(path);
                      }));
      try {
        return committed(operations, paths);
      } catch (BackendException e) {
        return new Outcome.Unknown(e);
      }
    }

    private Outcome committed(List<Op> operations, List<String> paths) throws InterruptedException {
      observer.step("zookeeper-tx.commit");
      Session.Sent sent = session.send(operations.toArray(new Op[0]));
      if (session.outcome(sent).isPresent()) {
        observer.step("zookeeper-tx.committed");
        return new Outcome.Committed();
      }
      int at = Session.refusedAt(sent) - floors.size();
      return at < 0 ? new Outcome.Overtaken() : new Outcome.Conflict(paths.get(at));
    }

    private Optional<Op> operation(String path, Item item) {
      if (item.version().isEmpty()) {
        return item.data()
            .map(data -> session.creation(path, data.toArray(), CreateMode.PERSISTENT));
      }
      int version = item.version().get();
      if (!item.changed()) {
        return Optional.of(Op.check(path, version));
      }
      return Optional.of(
          item.data()
              .map(data -> Op.setData(path, data.toArray(), version))
              .orElseGet(() -> Op.delete(path, version)));
    }

    private void requireChecked() {
      if (floors.isEmpty()) {
        throw new IllegalStateException("tx: not checked (expected: inside Claim.write)");
      }
    }

    /**
     * A request that is too large is not refused: all that the session has loses its connection.
     */
    private void requireSize() {
      long bytes = (long) OPERATION_BYTES * floors.size();
      for (Map.Entry<String, Item> item : items.entrySet()) {
        Optional<Bytes> data = item.getValue().data().filter(any -> item.getValue().changed());
        bytes += OPERATION_BYTES + Bytes.utf8(full(item.getKey())).size();
        bytes += data.map(Bytes::size).orElse(0);
      }
      if (bytes > BYTES_MAX) {
        throw new IllegalStateException(
            "tx: " + bytes + " bytes (expected: up to " + BYTES_MAX + ")");
      }
    }

    private void requireOpen() {
      if (over) {
        throw new IllegalStateException("tx: over (expected: a new one)");
      }
    }
  }
}
