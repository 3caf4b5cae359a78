package dev.ashlar.leases.zookeeper;

import dev.ashlar.core.BackendException;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.Grant;
import java.util.ArrayList;
import java.util.List;

/*
 * What is to be shown for each grant is that its place was in the queue at some moment after the request
 * began. Places end in three ways, and one write tells of all of them, for every place of the session:
 *
 *   the session has ended     then its write is refused. The beacon, a node that the session alone writes,
 *                             is written through the leader, who knows all ends of sessions before it
 *   this process gave it up   the process knows (Tenure), and says so from before it asks
 *   somebody else deleted it  the contender itself, in another session; a person. A watch on the place
 *                             says so: the server answers a session in the order of what happened, so
 *                             the event of a deletion comes before the answer to a later write
 *
 *     extendAll called    watches that are missing        beacon written        answers
 *   ---|------------------------|-----------------------------|-------------------|------------->
 *                               |<-- place stood all along -->|
 *      |<------------------ the new term counts from here ----------------------------------------
 *
 * And a grant whose place stands is the last one: another is written only for the first place, and this
 * one was first when it was granted. So the fence node need not be read. Whoever writes it by hand takes
 * the lease away, and the guard is what notices.
 *
 * A watch is asked for with the first renewal, so leases that are shorter cost nothing; and again after
 * each loss of the connection, rather than rely on the client to set it again. These requests go out at
 * once, and are answered from the memory of one server.
 *
 * What a beacon does not speak for is looked at by itself: a place that ended, or that another session of
 * the contender has. Reading is no beacon, and a ping is none either: the one is answered by a follower
 * that may be cut off, the other by nobody who is asked whether the session still exists.
 */

/** One request for another term of many grants of one session. */
final class Renewal {

  private final Ask.Surroundings around;
  private final Session session;

  Renewal(Ask.Surroundings around, Session session) {
    this.around = around;
    this.session = session;
  }

  /** Answers for each, in the order of the tenures, which are its holders'. */
  List<Answer<Grant>> run(List<Fence> fences, List<Tenure> tenures) throws InterruptedException {
    long sent = around.time().nanos();
    beacon(fences, tenures);
    List<Answer<Grant>> answers = new ArrayList<>(fences.size());
    for (int i = 0; i < fences.size(); i++) {
      Fence fence = fences.get(i);
      answers.add(
          tenures.get(i).renewed(session, fence, sent)
              ? new Answer.Done<>(new Grant(fence, session.term()))
              : alone(fence, tenures.get(i)));
    }
    return answers;
  }

  private void beacon(List<Fence> fences, List<Tenure> tenures) throws InterruptedException {
    boolean anybody = false;
    for (int i = 0; i < fences.size(); i++) {
      anybody |= tenures.get(i).watch(session, fences.get(i));
    }
    if (anybody) {
      around.observer().step("lease.zookeeper.beacon");
      session.beacon(around.layout().beacon(session.id()));
      around.observer().step("lease.zookeeper.shone");
    }
  }

  private Answer<Grant> alone(Fence fence, Tenure tenure) throws InterruptedException {
    try {
      return new Ask(around, session, tenure).extend(fence);
    } catch (BackendException e) {
      return new Answer.Unknown<>(e);
    }
  }
}
