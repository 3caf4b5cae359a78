package dev.ashlar.leases.zookeeper;

import dev.ashlar.leases.Contender;
import dev.ashlar.leases.LeaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/*
 *   ROOT/queue/l-NAME                          container: the server removes it when it is empty
 *     NONCE~OWNER~SESSION~0000000007           ephemeral: a contender's place
 *     NONCE~OWNER~SESSION~0000000008
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

  private static final byte[] NOTHING = {};

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
            : session.creation(fence, NOTHING, CreateMode.PERSISTENT));
    if (seen.entries().isEmpty()) {
      changes.add(session.creation(layout.queue(name), NOTHING, CreateMode.CONTAINER));
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

  /**
   * Asks for the last place, and does not wait for it.
   *
   * @param taken is told of the place before anybody hears of a later one
   */
  Session.Sent startEnter(Contender contender, Consumer<Entry> taken) {
    return session.send(
        results -> entry(results, contender).ifPresent(taken),
        Op.setData(layout.queue(name), NOTHING, -1),
        place(contender));
  }

  /** Asks for the first place of a queue that was seen empty, and for the lease with it. */
  Session.Sent startEnterFirst(Contender contender, View empty, Consumer<Entry> taken) {
    return session.send(
        results -> entry(results, contender).ifPresent(taken),
        Op.setData(layout.queue(name), NOTHING, empty.entries().orElseThrow()),
        place(contender),
        Op.setData(
            layout.fence(name), Mark.bytes(contender), empty.mark().orElseThrow().version()));
  }

  private Op place(Contender contender) {
    String prefix = layout.queue(name) + "/" + Place.prefix(contender, session.id());
    return session.creation(prefix, NOTHING, CreateMode.EPHEMERAL_SEQUENTIAL);
  }

  /** Returns the place; empty if what the request relied on was not so. */
  Optional<Entry> entered(Session.Sent sent, Contender contender) throws InterruptedException {
    return session.outcome(sent).flatMap(results -> entry(results, contender));
  }

  private Optional<Entry> entry(List<OpResult> all, Contender contender) {
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

  /** Asks for the fence node, and does not wait for it. */
  Session.Reading startMark() {
    return session.startMark(layout, name);
  }

  Optional<Mark> mark(Session.Reading reading) throws InterruptedException {
    return session.mark(reading);
  }

  /** Returns whether the place's node lives and dies with this session; the name proves nothing. */
  boolean isOwn(Place place) throws InterruptedException {
    Optional<Long> owner = session.owner(layout.place(name, place));
    return owner.filter(id -> id == session.id()).isPresent();
  }

  /** Takes over a place that another session of the same contender has, if it is still there. */
  Optional<Place> move(Place place) throws InterruptedException {
    Place moved = place.movedTo(session.id());
    return session
        .change(
            Op.delete(layout.place(name, place), -1),
            session.creation(layout.place(name, moved), NOTHING, CreateMode.EPHEMERAL))
        .map(done -> moved);
  }

  /**
   * Writes that the first place has the lease.
   *
   * @return what was written; empty if the place is gone, or somebody wrote before
   */
  Optional<Mark> grant(Place first, Mark seen) throws InterruptedException {
    Contender holder = first.contender(name);
    Optional<List<OpResult>> results =
        session.change(
            Op.check(layout.place(name, first), -1),
            Op.setData(layout.fence(name), Mark.bytes(holder), seen.version()));
    return results.map(all -> written(holder, all.get(1)));
  }

  /**
   * Ends a grant, and writes that the next place has the lease.
   *
   * @param passed is told of the next grant before anybody hears of a later change
   * @return whether that was done; not if one of the places is gone, or somebody wrote before
   */
  boolean handOver(Hold hold, Place next, Consumer<Mark> passed) throws InterruptedException {
    Contender successor = next.contender(name);
    Session.Sent sent =
        session.send(
            results -> passed.accept(written(successor, results.get(2))),
            Op.delete(layout.place(name, hold.place()), -1),
            Op.check(layout.place(name, next), -1),
            Op.setData(layout.fence(name), Mark.bytes(successor), hold.mark().version()));
    return session.outcome(sent).isPresent();
  }

  /** Returns whether the place has the lease still, as the servers agree. */
  boolean confirm(Place place, Mark seen) throws InterruptedException {
    return session
        .change(
            Op.check(layout.fence(name), seen.version()),
            Op.setData(layout.place(name, place), NOTHING, -1))
        .isPresent();
  }

  /** Returns whether the place was there. */
  boolean delete(Place place) throws InterruptedException {
    return session.delete(layout.place(name, place));
  }

  String path(Place place) {
    return layout.place(name, place);
  }
}
