package dev.ashlar.leases.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Effect;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.LeaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

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
 *   enter      nothing; it counts up the version of the queue's node
 *   enter      queue's node unchanged since it was seen empty, so that the place is the first; fence node
 *    as first  unchanged: place and grant in one write
 *   grant      place exists, fence node unchanged: one grant, one number
 *   confirm    place exists, fence node unchanged; a write of this session, which only a session that is
 *              alive can commit. Reading proves nothing, a cut-off follower answers too
 *   hand over  own place and the next one exist, fence node unchanged: the end of one grant and the
 *              next one in one write. The next in any view of a holder is next while both exist
 *   move       old place exists: a place follows its contender into another session, at its old number
 *
 * An empty queue's node may be removed by the server, and its version begins again with the next one. So
 * a queue is made together with a write of the fence node, which whoever saw the old queue relies on too.
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

  /** Asks for a view, and does not wait for it. */
  Session.Looking startLook() {
    return session.startLook(layout, name);
  }

  View seen(Session.Looking looking) throws InterruptedException {
    return session.seen(looking);
  }

  /**
   * Makes what is missing: what outlasts every queue, and the queue.
   *
   * @return what is there now; empty if somebody was faster
   */
  Optional<View> prepare(View seen) throws InterruptedException {
    String fence = layout.fence(name);
    List<Op> changes = new ArrayList<>();
    changes.add(
        seen.mark().isPresent()
            ? Op.setData(fence, seen.mark().get().bytes(), seen.mark().get().version())
            : session.creation(fence, new byte[0], CreateMode.PERSISTENT));
    if (seen.entries().isEmpty()) {
      changes.add(session.creation(layout.queue(name), new byte[0], CreateMode.CONTAINER));
    }
    Optional<List<OpResult>> done = session.change(changes.toArray(new Op[0]));
    if (done.isEmpty() || seen.entries().isPresent()) {
      return Optional.empty();
    }
    Mark mark =
        done.get().get(0) instanceof OpResult.SetDataResult written
            ? Mark.of(seen.mark().flatMap(Mark::holder), written.getStat(), layout)
            : new Mark(Optional.empty(), 0, 0);
    return Optional.of(View.empty(0, mark));
  }

  /** Asks for the last place, and does not wait for it. */
  Session.Sent startEnter(Contender contender) {
    return session.send(Op.setData(layout.queue(name), new byte[0], -1), place(contender));
  }

  /** Asks for the first place of a queue that was seen empty, and for the lease with it. */
  Session.Sent startEnterFirst(Contender contender, View empty) {
    return session.send(
        Op.setData(layout.queue(name), new byte[0], empty.entries().orElseThrow()),
        place(contender),
        Op.setData(
            layout.fence(name), Mark.bytes(contender), empty.mark().orElseThrow().version()));
  }

  private Op place(Contender contender) {
    String prefix = layout.queue(name) + "/" + Place.prefix(contender.nonce(), session.id());
    return session.creation(prefix, bytes(contender.owner()), CreateMode.EPHEMERAL_SEQUENTIAL);
  }

  /** Returns the place; empty if what the request relied on was not so. */
  Optional<Entry> entered(Session.Sent sent, Contender contender) throws InterruptedException {
    Optional<List<OpResult>> results = session.outcome(sent);
    if (results.isEmpty()) {
      return Optional.empty();
    }
    List<OpResult> all = results.get();
    int entries = ((OpResult.SetDataResult) all.get(0)).getStat().getVersion();
    String path = ((OpResult.CreateResult) all.get(1)).getPath();
    Optional<Mark> mark =
        all.size() > 2 ? Optional.of(written(contender, all.get(2))) : Optional.empty();
    return Place.parse(path.substring(path.lastIndexOf('/') + 1))
        .map(place -> new Entry(place, entries, mark));
  }

  /**
   * A place that was taken.
   *
   * @param entries the version of the queue's node
   * @param mark the grant, if the place came with one
   */
  record Entry(Place place, int entries, Optional<Mark> mark) {}

  private Mark written(Contender holder, OpResult result) {
    Stat stat = ((OpResult.SetDataResult) result).getStat();
    return Mark.of(Optional.of(holder), stat, layout);
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
    return results.map(all -> written(holder, all.get(1)));
  }

  /**
   * Ends a grant, and writes that the next place has the lease.
   *
   * @return the next grant; empty if one of the places is gone, or somebody wrote before
   */
  Optional<Mark> handOver(Hold hold, Place next, Contender successor) throws InterruptedException {
    return session
        .change(
            Op.delete(layout.place(name, hold.place()), -1),
            Op.check(layout.place(name, next), -1),
            Op.setData(layout.fence(name), Mark.bytes(successor), hold.mark().version()))
        .map(all -> written(successor, all.get(2)));
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
