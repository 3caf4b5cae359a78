package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Deadline;
import dev.ashlar.leases.LeaseName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
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
      Set.of(Code.NONODE, Code.NODEEXISTS, Code.BADVERSION, Code.NOTEMPTY);

  private final ZooKeeper handle;
  private final List<ACL> acl;
  private final String what;
  private final Deadline deadline;
  private final Proofs proofs;
  private boolean wrote;

  /**
   * Begins a request.
   *
   * @param acl of what is created
   * @param what is asked for, for messages
   * @param proofs where to note that a write was carried out
   */
  Session(ZooKeeper handle, List<ACL> acl, String what, Deadline deadline, Proofs proofs) {
    this.handle = handle;
    this.acl = acl;
    this.what = what;
    this.deadline = deadline;
    this.proofs = proofs;
  }

  /** Returns the last moment before which a write was not sent that was carried out. */
  Optional<Long> provenNanos() {
    return proofs.of(handle);
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
    return new Looking(queue, startMark(layout, name));
  }

  View seen(Looking looking) throws InterruptedException {
    Optional<Listing> queue =
        answered("list", looking.queue(), Code.NONODE)
            ? Optional.of(looking.queue().value())
            : Optional.empty();
    return new View(
        queue.map(one -> Place.queue(one.names())).orElse(List.of()),
        queue.map(Listing::version),
        mark(looking.fence()));
  }

  /** Asks for the fence node, and does not wait for it. */
  Reading startMark(Layout layout, LeaseName name) {
    return new Reading(layout, name, data(layout.fence(name)));
  }

  Optional<Mark> mark(Reading reading) throws InterruptedException {
    if (!answered("read", reading.fence(), Code.NONODE)) {
      return Optional.empty();
    }
    Data read = reading.fence().value();
    return Optional.of(Mark.parse(reading.name(), read.bytes(), read.stat(), reading.layout()));
  }

  /** A look that is under way. */
  record Looking(Reply<Listing> queue, Reading fence) {}

  /** A fence node that is being read. */
  record Reading(Layout layout, LeaseName name, Reply<Data> fence) {}

  private record Listing(List<String> names, int version) {}

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

  /** Returns what is in a node; empty if it is not there. */
  Optional<Data> read(String path) throws InterruptedException {
    Reply<Data> reply = data(path);
    return answered("read", reply, Code.NONODE) ? Optional.of(reply.value()) : Optional.empty();
  }

  /** What is in a node. */
  record Data(Bytes bytes, Stat stat) {}

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
    Begun begun = begin();
    handle.delete(path, -1, (rc, at, ctx) -> reply.set(rc, true), null);
    return ended("delete", reply, begun, Set.of(Code.NONODE));
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
    return send(results -> {}, operations);
  }

  /**
   * Asks for all of it to be done at once, or nothing, and does not wait for it.
   *
   * @param done is told when it is, in the client's event thread, before any later answer is
   */
  Sent send(Consumer<List<OpResult>> done, Op... operations) {
    Reply<List<OpResult>> reply = new Reply<>();
    Begun begun = begin();
    handle.multi(
        List.of(operations),
        (rc, path, ctx, results) -> {
          try {
            if (rc == Code.OK.intValue()) {
              done.accept(results);
            }
          } finally {
            reply.set(rc, results);
          }
        },
        null);
    return new Sent(reply, begun);
  }

  /** Returns what came of it; empty if something that it relies on is not so. */
  Optional<List<OpResult>> outcome(Sent sent) throws InterruptedException {
    return ended("change", sent.reply(), sent.begun(), CONDITION_FAILED)
        ? Optional.of(sent.reply().value())
        : Optional.empty();
  }

  /** Returns which operation of a change was not possible, once it is known that one was not. */
  static int refusedAt(Sent sent) {
    List<OpResult> results = sent.reply().value();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof OpResult.ErrorResult error && error.getErr() != 0) {
        return i;
      }
    }
    throw new IllegalStateException("change: carried out (expected: refused)");
  }

  /** A change that is under way. */
  record Sent(Reply<List<OpResult>> reply, Begun begun) {}

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
    Begun begun = begin();
    handle.setData(path, new byte[0], -1, (rc, at, ctx, stat) -> reply.set(rc, stat), null);
    return ended("beacon", reply, begun, Set.of(Code.NONODE));
  }

  private boolean createOwn(String path) throws InterruptedException {
    Reply<String> reply = new Reply<>();
    Begun begun = begin();
    handle.create(
        path,
        new byte[0],
        acl,
        CreateMode.EPHEMERAL,
        (rc, at, ctx, created) -> reply.set(rc, created),
        null);
    return ended("beacon", reply, begun, Set.of(Code.NODEEXISTS));
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

  private Begun begin() {
    Begun begun = new Begun(wrote, deadline.time().nanos());
    wrote = true;
    return begun;
  }

  private record Begun(boolean wroteBefore, long sentNanos) {}

  private boolean ended(String operation, Reply<?> reply, Begun begun, Set<Code> instead)
      throws InterruptedException {
    Optional<Code> code = reply.await(deadline);
    if (code.filter(one -> one == Code.OK).isPresent()) {
      proofs.note(handle, begun.sentNanos());
      return true;
    }
    boolean refused =
        code.filter(one -> instead.contains(one) || Failure.isRefusal(one)).isPresent();
    wrote = begun.wroteBefore() || !refused;
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
