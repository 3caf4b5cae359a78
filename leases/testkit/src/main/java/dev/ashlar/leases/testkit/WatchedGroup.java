package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Observer;
import dev.ashlar.core.testkit.world.Actor;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.core.testkit.world.Scenario;
import dev.ashlar.core.testkit.world.World;
import dev.ashlar.leases.detect.FailureDetector;
import dev.ashlar.leases.detect.Heartbeat;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.detect.Members;
import dev.ashlar.leases.detect.Membership;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Three processes that send each other heartbeats, and pass on what they have last heard of others;
 * one of them may die.
 */
final class WatchedGroup implements Scenario<WatchedGroup.Message> {

  /** Faults are over after three quarters, and half a minute is left to notice. */
  static final Duration LASTING = Duration.ofMinutes(2);

  private static final List<String> NAMES = List.of("a", "b", "c");
  private static final String MORTAL = "c";

  private final DetectorFixture fixture;
  private final Demand demand;

  WatchedGroup(DetectorFixture fixture, Demand demand) {
    this.fixture = fixture;
    this.demand = demand;
  }

  /** What must hold. */
  enum Demand {
    /** The third dies for ever, and at the end both others know it. */
    CRASHED_IS_SUSPECTED,
    /** Nobody dies for ever, and at the end everybody knows it. */
    ALL_ARE_ALIVE,
    /** Nobody dies, and the first never suspects anybody. */
    A_SUSPECTS_NOBODY
  }

  /**
   * A heartbeat on its way.
   *
   * @param of whose it is, who need not be the sender
   */
  record Message(String of, Heartbeat number) {}

  @Override
  public Check furnish(World<Message> world) {
    Group group = new Group();
    for (String name : NAMES) {
      world.place(name, env -> group.process(env));
    }
    if (demand == Demand.CRASHED_IS_SUSPECTED) {
      world.time().after(Duration.ofMillis(world.random().nextLong(80_000)), group::die);
    }
    return group::checkEnd;
  }

  /** The processes of one world. */
  private final class Group {
    private final Map<String, Node> processes = new TreeMap<>();
    private boolean isDead;

    Node process(Environment<Message> env) {
      Node process = new Node(this, env);
      processes.put(env.name(), process);
      return process;
    }

    void die() {
      isDead = true;
    }

    boolean isDead(String name) {
      return isDead && name.equals(MORTAL);
    }

    void checkEnd() {
      processes.forEach(
          (name, process) -> {
            if (!isDead(name)) {
              NAMES.stream().filter(other -> !other.equals(name)).forEach(process::checkEnd);
            }
          });
    }
  }

  private final class Node implements Actor<Message> {
    private final Group group;
    private final Environment<Message> env;
    private final FailureDetector<String> detector;
    private final Membership membership;
    private final Map<String, Heartbeat> heard = new HashMap<>();
    private Members seen;

    Node(Group group, Environment<Message> env) {
      this.group = group;
      this.env = env;
      this.detector = fixture.detector(DetectorFixture.monitor(env.time()), env.time());
      this.membership =
          Membership.of(
              Member.of(env.name()),
              env.kept("lives", AtomicLong::new).incrementAndGet(),
              detector,
              (to, number) -> env.send(to.id(), new Message(env.name(), number)),
              Observer.none());
      this.seen = membership.members();
    }

    @Override
    public void onStart() {
      membership.expect(NAMES.stream().map(Member::of).toList());
      onTimer("round");
    }

    @Override
    public void onTimer(String name) {
      if (!group.isDead(env.name())) {
        look();
        membership.round();
        Members now = fixture.view(membership);
        assertThat(now.number()).isGreaterThanOrEqualTo(seen.number());
        seen = now;
        heard.forEach(this::passOn);
        look();
        env.setTimer("round", DetectorFixture.ROUND);
      }
    }

    private void passOn(String of, Heartbeat number) {
      for (String to : NAMES) {
        if (!to.equals(of) && !to.equals(env.name())) {
          env.send(to, new Message(of, number));
        }
      }
    }

    @Override
    public void onMessage(String from, Message message) {
      look();
      heard.merge(message.of(), message.number(), (old, late) -> late.isAfter(old) ? late : old);
      boolean unused = fixture.receive(membership, from, message.of(), message.number());
      look();
    }

    private void look() {
      if (demand == Demand.A_SUSPECTS_NOBODY && env.name().equals("a")) {
        for (String other : List.of("b", "c")) {
          assertThat(detector.suspicion(other).verdict())
              .as("what a makes of %s", other)
              .isNotEqualTo(Verdict.SUSPECTED);
        }
      }
    }

    private void checkEnd(String other) {
      boolean isDead = group.isDead(other);
      assertThat(detector.suspicion(other).verdict())
          .as("what %s makes of %s", env.name(), other)
          .isEqualTo(isDead ? Verdict.SUSPECTED : Verdict.ALIVE);
      assertThat(membership.members().contains(other))
          .as("whether %s has %s in its view", env.name(), other)
          .isEqualTo(!isDead);
    }
  }
}
