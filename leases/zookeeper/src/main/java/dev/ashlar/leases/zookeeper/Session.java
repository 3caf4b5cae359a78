package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.leases.LeaseName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/*
 * A ZooKeeper handle is one session: it is never given another, and fails for good when its session has
 * expired. Curator replaces the handle then, and its own operations go on with the new one as if nothing
 * had happened, which is how a lock comes to believe in a node of a dead session (CURATOR-604). So each
 * request takes the handle once, and all it asks goes to that session or nowhere.
 *
 * The handle tries nothing twice either. Curator's retries know no nonce, and one that is still under way
 * when its caller has given up creates what nobody waits for.
 */

/** What one request asks of one session, all of it until one deadline. */
final class Session {

  private static final Set<Code> CONDITION_FAILED =
      Set.of(Code.NONODE, Code.NODEEXISTS, Code.BADVERSION);

  private final ZooKeeper handle;
  private final List<ACL> acl;
  private final String what;
  private final Deadline deadline;
  private boolean wrote;

  /**
   * Begins a request.
   *
   * @param acl of what is created
   * @param what is asked for, for messages
   */
  Session(ZooKeeper handle, List<ACL> acl, String what, Deadline deadline) {
    this.handle = handle;
    this.acl = acl;
    this.what = what;
    this.deadline = deadline;
  }

  ZooKeeper handle() {
    return handle;
  }

  /** Returns the session's id, which is there once it has answered anything. */
  long id() {
    return handle.getSessionId();
  }

  /** Returns for how long the server keeps the session without a word from it. */
  Duration timeout() {
    return Duration.ofMillis(handle.getSessionTimeout());
  }

  /**
   * Returns for how long a request that was just carried out holds.
   *
   * <p>Two thirds of the timeout. A follower tells the leader, who ends sessions, of its clients'
   * words with its next ping; if it dies before that, the leader counts from the word before, which
   * came up to a third of the timeout earlier, because an idle client pings that often.
   */
  Duration term() {
    return timeout().multipliedBy(2).dividedBy(3);
  }

  /** Returns whether anything that was asked may have changed something. */
  boolean wrote() {
    return wrote;
  }

  View look(Layout layout, LeaseName name) throws InterruptedException {
    return seen(startLook(layout, name));
  }

  /** Asks what there is to see, and does not wait for it. */
  Looking startLook(Layout layout, LeaseName name) {
    Reply<Listing> queue = new Reply<>();
    handle.getChildren(
        layout.queue(name),
        false,
        (rc, path, ctx, names, stat) ->
            queue.set(rc, stat == null ? null : new Listing(names, stat.getVersion())),
        null);
    return new Looking(layout, name, queue, data(layout.fence(name)));
  }

  View seen(Looking looking) throws InterruptedException {
    Optional<Listing> queue =
        answered("list", looking.queue(), Code.NONODE)
            ? Optional.of(looking.queue().value())
            : Optional.empty();
    Optional<Data> fence =
        answered("read", looking.fence(), Code.NONODE)
            ? Optional.of(looking.fence().value())
            : Optional.empty();
    return new View(
        queue.map(one -> Place.queue(one.names())).orElse(List.of()),
        queue.map(Listing::version),
        fence.map(read -> Mark.parse(looking.name(), read.bytes(), read.stat(), looking.layout())));
  }

  /** A look that is under way. */
  record Looking(Layout layout, LeaseName name, Reply<Listing> queue, Reply<Data> fence) {}

  private record Listing(List<String> names, int version) {}

  /** Returns the bytes of a node; empty if it is not there. */
  Optional<Bytes> read(String path) throws InterruptedException {
    Reply<Data> reply = data(path);
    return answered("read", reply, Code.NONODE)
        ? Optional.of(reply.value().bytes())
        : Optional.empty();
  }

  private Reply<Data> data(String path) {
    Reply<Data> reply = new Reply<>();
    handle.getData(
        path,
        false,
        (rc, at, ctx, bytes, stat) ->
            reply.set(
                rc,
                stat == null
                    ? null
                    : new Data(bytes == null ? Bytes.empty() : Bytes.owning(bytes), stat)),
        null);
    return reply;
  }

  private record Data(Bytes bytes, Stat stat) {}

  /** Returns the session that an ephemeral node lives and dies with; empty if it is not there. */
  Optional<Long> owner(String path) throws InterruptedException {
    Reply<Stat> reply = new Reply<>();
    handle.exists(path, false, (rc, at, ctx, stat) -> reply.set(rc, stat), null);
    return answered("look up", reply, Code.NONODE)
        ? Optional.of(reply.value().getEphemeralOwner())
        : Optional.empty();
  }

  /** Makes this session's reads see all that was committed before now. */
  void sync(String path) throws InterruptedException {
    Reply<Boolean> reply = new Reply<>();
    handle.sync(path, (rc, at, ctx) -> reply.set(rc, true), null);
    // A path that is not there is in sync as well.
    boolean unused = answered("sync", reply, Code.NONODE);
  }

  /** Deletes a node; returns whether it was there. */
  boolean delete(String path) throws InterruptedException {
    Reply<Boolean> reply = new Reply<>();
    boolean before = begin();
    handle.delete(path, -1, (rc, at, ctx) -> reply.set(rc, true), null);
    return ended("delete", reply, before, Set.of(Code.NONODE));
  }

  /**
   * Does all of it at once, or nothing.
   *
   * @return empty if something that it relies on is not so
   */
  Optional<List<OpResult>> change(Op... operations) throws InterruptedException {
    return outcome(send(operations));
  }

  /** Asks for all of it to be done at once, or nothing, and does not wait for it. */
  Sent send(Op... operations) {
    Reply<List<OpResult>> reply = new Reply<>();
    boolean before = begin();
    handle.multi(List.of(operations), (rc, path, ctx, results) -> reply.set(rc, results), null);
    return new Sent(reply, before);
  }

  /** Returns what came of it; empty if something that it relies on is not so. */
  Optional<List<OpResult>> outcome(Sent sent) throws InterruptedException {
    return ended("change", sent.reply(), sent.wroteBefore(), CONDITION_FAILED)
        ? Optional.of(sent.reply().value())
        : Optional.empty();
  }

  /** A change that is under way. */
  record Sent(Reply<List<OpResult>> reply, boolean wroteBefore) {}

  /** Writes a node of this session alone, and makes it if it is not there. */
  void beacon(String path) throws InterruptedException {
    boolean written = rewrite(path);
    // Another request of this session may make it, or whoever tidies up may delete it, in between.
    while (!written) {
      written = createOwn(path) || rewrite(path);
    }
  }

  private boolean rewrite(String path) throws InterruptedException {
    Reply<Stat> reply = new Reply<>();
    boolean before = begin();
    handle.setData(path, new byte[0], -1, (rc, at, ctx, stat) -> reply.set(rc, stat), null);
    return ended("beacon", reply, before, Set.of(Code.NONODE));
  }

  private boolean createOwn(String path) throws InterruptedException {
    Reply<String> reply = new Reply<>();
    boolean before = begin();
    handle.create(
        path,
        new byte[0],
        acl,
        CreateMode.EPHEMERAL,
        (rc, at, ctx, created) -> reply.set(rc, created),
        null);
    return ended("beacon", reply, before, Set.of(Code.NODEEXISTS));
  }

  Op creation(String path, byte[] data, CreateMode mode) {
    return Op.create(path, data, acl, mode);
  }

  /**
   * Watches for the end of a node that has no children: a watch on its data would wake with each
   * renewal.
   *
   * @return whether the node is there
   */
  boolean watchEnd(String path, Watcher watcher) throws InterruptedException {
    Reply<List<String>> reply = new Reply<>();
    handle.getChildren(path, watcher, (rc, at, ctx, names) -> reply.set(rc, names), null);
    return answered("watch", reply, Code.NONODE);
  }

  private boolean begin() {
    boolean before = wrote;
    wrote = true;
    return before;
  }

  private boolean ended(String operation, Reply<?> reply, boolean wroteBefore, Set<Code> instead)
      throws InterruptedException {
    Optional<Code> code = reply.await(deadline);
    if (code.filter(one -> one == Code.OK).isPresent()) {
      return true;
    }
    boolean refused =
        code.filter(one -> instead.contains(one) || Failure.isRefusal(one)).isPresent();
    wrote = wroteBefore || !refused;
    if (code.filter(instead::contains).isPresent()) {
      return false;
    }
    throw Failure.of(what + ": " + operation, code, wrote);
  }

  private boolean answered(String operation, Reply<?> reply, Code instead)
      throws InterruptedException {
    Optional<Code> code = reply.await(deadline);
    if (code.filter(one -> one == Code.OK || one == instead).isEmpty()) {
      throw Failure.of(what + ": " + operation, code, wrote);
    }
    return code.get() == Code.OK;
  }
}
