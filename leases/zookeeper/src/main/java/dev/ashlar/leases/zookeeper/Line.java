package dev.ashlar.leases.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Effect;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.LeaseName;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/*
 *   ROOT/queue/l-NAME                          container: the server removes it when it is empty
 *     NONCE~SESSION~0000000007  "OWNER"        ephemeral: a contender's place
 *     NONCE~SESSION~0000000008  "OWNER"
 *   ROOT/fence/l-NAME           "OWNER NONCE"  persistent, never removed: the last grant
 *
 * The first place has the lease as soon as the fence node says so. The transaction that writes this
 * checks that the place is still there, and its number (the fence node's mzxid, 64 bits that the whole
 * ensemble counts) is the token. A place that was first in any view, however old, and still exists is
 * first: new places come behind it. So whoever sees a first place without its grant may write the grant,
 * not only the one whose place it is. That way the lease is always somebody's while anybody is in line,
 * and the one who looked has a holder to tell of.
 *
 * Every change says what it relies on:
 *
 *   enter     fence node unchanged since it was seen not to be the contender's: a contender whose grant
 *             is over can not come to the queue again, however late its request arrives
 *   grant     place exists, fence node unchanged: one grant, one number
 *   confirm   place exists, fence node unchanged; a write of this session, which only a session that is
 *             alive can commit. Reading proves nothing, a cut-off follower answers too
 *   move      old place exists: a place follows its contender into another session, at its old number
 */

/** The changes of one lease's queue and fence node, as one session makes them. */
final class Line {

  private final Layout layout;
  private final LeaseName name;
  private final Session session;

  Line(Layout layout, LeaseName name, Session session) {
    this.layout = layout;
    this.name = name;
    this.session = session;
  }

  View look() throws InterruptedException {
    return session.look(layout, name);
  }

  /** Makes the next look see all that was committed before now. */
  void sync() throws InterruptedException {
    session.sync(layout.queue(name));
  }

  /** Makes what outlasts every queue, and the queue. */
  void prepare() throws InterruptedException {
    session.ensure(layout.fence(name), CreateMode.PERSISTENT);
    session.ensure(layout.queue(name), CreateMode.CONTAINER);
  }

  /**
   * Takes the last place.
   *
   * @return the place; empty if the lease was granted to somebody since it was looked at, or there
   *     is no queue
   */
  Optional<Place> enter(Contender contender, Mark seen) throws InterruptedException {
    String prefix = layout.queue(name) + "/" + Place.prefix(contender.nonce(), session.id());
    Optional<List<OpResult>> results =
        session.change(
            Op.check(layout.fence(name), seen.version()),
            session.creation(prefix, bytes(contender.owner()), CreateMode.EPHEMERAL_SEQUENTIAL));
    return results
        .map(all -> ((OpResult.CreateResult) all.get(1)).getPath())
        .flatMap(path -> Place.parse(path.substring(path.lastIndexOf('/') + 1)));
  }

  /** Returns whether the place's node lives and dies with this session; the name proves nothing. */
  boolean isOwn(Place place) throws InterruptedException {
    Optional<Long> owner = session.owner(layout.place(name, place));
    return owner.filter(id -> id == session.id()).isPresent();
  }

  /** Takes over a place that another session of the same contender has, if it is still there. */
  Optional<Place> move(Place place, Contender contender) throws InterruptedException {
    Place moved = place.movedTo(session.id());
    return session
        .change(
            Op.delete(layout.place(name, place), -1),
            session.creation(
                layout.place(name, moved), bytes(contender.owner()), CreateMode.EPHEMERAL))
        .map(done -> moved);
  }

  /** Returns who stands at a place, if somebody does. */
  Optional<Contender> contenderAt(Place place) throws InterruptedException {
    Optional<Bytes> owner = session.read(layout.place(name, place));
    try {
      return owner.map(bytes -> new Contender(name, bytes.toUtf8(), place.nonce()));
    } catch (IllegalArgumentException | MalformedDataException e) {
      throw new BackendException(
          "lease " + name.value() + ": place of nobody (expected: owner in its data)",
          session.wrote() ? Effect.UNKNOWN : Effect.NONE,
          new Advice.Permanent(),
          e);
    }
  }

  /**
   * Writes that the first place has the lease.
   *
   * @return what was written; empty if the place is gone, or somebody wrote before
   */
  Optional<Mark> grant(Place first, Contender holder, Mark seen) throws InterruptedException {
    Optional<List<OpResult>> results =
        session.change(
            Op.check(layout.place(name, first), -1),
            Op.setData(layout.fence(name), Mark.bytes(holder), seen.version()));
    return results
        .map(all -> ((OpResult.SetDataResult) all.get(1)).getStat())
        .map(stat -> new Mark(Optional.of(holder), stat.getVersion(), stat.getMzxid()));
  }

  /** Returns whether the place has the lease still, as the servers agree. */
  boolean confirm(Place place, Contender holder, Mark seen) throws InterruptedException {
    return session
        .change(
            Op.check(layout.fence(name), seen.version()),
            Op.setData(layout.place(name, place), bytes(holder.owner()), -1))
        .isPresent();
  }

  /** Returns whether the place was there. */
  boolean delete(Place place) throws InterruptedException {
    return session.delete(layout.place(name, place));
  }

  String path(Place place) {
    return layout.place(name, place);
  }

  private static byte[] bytes(String owner) {
    return owner.getBytes(UTF_8);
  }
}
