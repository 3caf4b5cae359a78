package dev.ashlar.leases.detect;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Observer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which of the expected members of a group seem to be up, as this process sees it.
 *
 * <p>Each process sends heartbeats to all others and makes up its own mind. Whom to expect is told
 * by the application: a fixed list, DNS, a table. It is the input for an assignment of partitions,
 * and for routing; never a reason to write.
 *
 * <p><b>Guarantees.</b> A member enters the view when it is heard, and leaves it when it is
 * suspected or no longer expected; while nobody can tell, it stays where it was, so a stand-still
 * of this process changes no view. Another view has another, larger number, and the same view the
 * same (LEASE-87). A heartbeat that another process has passed on does not count (LEASE-85).
 *
 * <p><b>Not guaranteed.</b> Agreement: two processes may have different views for as long as the
 * network lasts that causes it, and act on both. A lease decides who owns, and the floor at the
 * resource who writes.
 *
 * <p><b>Failures.</b> A transport that fails is as good as one that loses: it is counted.
 *
 * <p><b>Threads.</b> Safe; one calls {@link #round}.
 *
 * <p><b>Limits.</b> {@value FailureDetector#NODES_MAX} expected members. All send to all, so a
 * group of a hundred with a round a second is ten thousand small messages a second.
 *
 * <pre>{@code
 * Membership membership =
 *     Membership.of(Member.of("a"), incarnation, detector, transport, Observer.none());
 * membership.expect(List.of(Member.of("a"), Member.of("b"), Member.of("c")));
 * membership.round(); // Once a second, from the application's own loop.
 * boolean counted = membership.received("b", "b", Heartbeat.first(9)); // From its transport.
 * List<Member> up = membership.members().up();
 * }</pre>
 */
public final class Membership {

  private final Member self;
  private final FailureDetector<String> detector;
  private final Heartbeats heartbeats;
  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();

  // All below are guarded by the lock.
  private final Map<String, Member> expected = new TreeMap<>();
  private final TreeSet<String> up = new TreeSet<>();
  private Heartbeat next;
  private Members view;

  private Membership(
      Member self,
      long incarnation,
      FailureDetector<String> detector,
      Heartbeats heartbeats,
      Observer observer) {
    this.self = requireNonNull(self, "self");
    this.detector = requireNonNull(detector, "detector");
    this.heartbeats = requireNonNull(heartbeats, "heartbeats");
    this.observer = requireNonNull(observer, "observer");
    this.next = Heartbeat.first(incarnation);
    this.view = new Members(1, List.of(self));
  }

  /**
   * Returns the membership of one process, which expects nobody yet.
   *
   * @param self this process
   * @param incarnation larger than in its former life, see {@link Heartbeat}
   * @param detector of this membership alone
   * @param heartbeats carries its heartbeats to others
   * @param observer counts {@code leases.member.up}, {@code .suspected}, {@code .relayed}, {@code
   *     .unsent}
   */
  public static Membership of(
      Member self,
      long incarnation,
      FailureDetector<String> detector,
      Heartbeats heartbeats,
      Observer observer) {
    return new Membership(self, incarnation, detector, heartbeats, observer);
  }

  /**
   * Says who is expected from now on. Of those that were before, what is known stays known.
   *
   * @param members all of them; whether this process is among them makes no difference
   */
  public void expect(Collection<Member> members) {
    Map<String, Member> changed = new TreeMap<>();
    for (Member member : members) {
      if (!member.id().equals(self.id()) && changed.put(member.id(), member) != null) {
        throw new IllegalArgumentException("members: " + member.id() + " twice (expected: once)");
      }
    }
    if (changed.size() > FailureDetector.NODES_MAX) {
      throw new IllegalArgumentException(
          "members: " + changed.size() + " (expected: up to " + FailureDetector.NODES_MAX + ")");
    }
    lock.lock();
    try {
      for (String id : expected.keySet()) {
        if (!changed.containsKey(id)) {
          detector.forget(id);
        }
      }
      changed.keySet().forEach(detector::watch);
      expected.clear();
      expected.putAll(changed);
      up.retainAll(changed.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Sends a heartbeat to each expected member, and looks at this process's own health. */
  public void round() {
    detector.tick();
    Heartbeat number;
    List<Member> others;
    lock.lock();
    try {
      number = next;
      next = number.next();
      others = List.copyOf(expected.values());
    } finally {
      lock.unlock();
    }
    for (Member other : others) {
      try {
        heartbeats.send(other, number);
      } catch (BackendException e) {
        observer.count("leases.member.unsent", 1);
      }
    }
  }

  /**
   * Takes a heartbeat into account.
   *
   * @param from who has sent this message, as the transport knows
   * @param of whose heartbeat it is
   * @return {@code false} if it counts for nothing: passed on by another, out of date, or of
   *     somebody who is not expected
   */
  public boolean received(String from, String of, Heartbeat number) {
    if (!from.equals(of)) {
      observer.count("leases.member.relayed", 1);
      return false;
    }
    return detector.heartbeat(of, number);
  }

  /** Returns who seems to be up now. */
  public Members members() {
    lock.lock();
    try {
      for (String id : expected.keySet()) {
        look(id);
      }
      List<Member> now = new ArrayList<>();
      now.add(self);
      up.forEach(id -> now.add(requireNonNull(expected.get(id))));
      Members changed = new Members(view.number() + 1, now);
      if (!changed.up().equals(view.up())) {
        view = changed;
      }
      return view;
    } finally {
      lock.unlock();
    }
  }

  private void look(String id) {
    switch (detector.suspicion(id).verdict()) {
      case ALIVE -> count(up.add(id), "leases.member.up");
      case SUSPECTED -> count(up.remove(id), "leases.member.suspected");
      case UNKNOWN -> {}
    }
  }

  private void count(boolean changed, String event) {
    if (changed) {
      observer.count(event, 1);
    }
  }
}
