package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.history.MonotonicNumbers;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.guard.FenceRejection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * Exclusion is looked at after each step of each place, which is enough for every instant of true time: a
 * belief begins, and is prolonged, by a step only, while clocks, crashes and the passing of time only end
 * it. So if two beliefs ever overlap, they do so at once after the step that began the later one.
 */

/** Looks at a world from outside, in true time. */
final class Watch {

  /** What is demanded of a world. */
  enum Demand {
    /** Floors and tokens of writes that were taken never fall, and the work's own history holds. */
    GUARDED,
    /** No number is granted twice, or after a larger one. */
    NUMBERS_GROW,
    /** Of the holders of one lease, one at most believes in it. */
    ONE_BELIEVES,
    /** No holder believes longer than its last confirmed request is good for, by its clock. */
    NONE_TOO_LONG,
    /** Two terms and a poll after a holder's crash at the latest, there is another grant. */
    TAKEN_OVER,
    /** A stall limit, two terms and a poll after a holder's work hung, there is another grant. */
    STALLED_ENDS,
    /** Who goes on with its work has the last grant that there was. */
    LAST_ACTS,
    /** At the end, every holder that was rejected knows. */
    REJECTED_KNOW,
    /** Nobody thinks that the store's numbers went back. */
    NO_REGRESSION,
    /** When the faults are over, writes are taken. */
    WORK_GOES_ON,

    // Of an election.

    /** One term at most is current, and each has a larger number than all before. */
    ONE_LEADS,
    /** A listener hears beginnings and ends in turn, each of the same term, one after the other. */
    IN_TURN,
    /** Whoever heard the beginning of a term has heard its end at the end, if its process lives. */
    END_IS_HEARD,
    /** A leader that has given its lease back has heard the end of its term. */
    HEARD_THE_END,
    /** Two terms and a poll after the faults at the latest, somebody leads. */
    SOMEBODY_LEADS
  }

  private final TimeSource time;
  private final Set<Demand> demands;
  private final MonotonicNumbers tokens = MonotonicNumbers.increasing("token of a grant");
  private final MonotonicNumbers floors = MonotonicNumbers.neverFalling("floor");
  private final MonotonicNumbers writes = MonotonicNumbers.neverFalling("token of a write taken");
  private final Set<Fence> granted = new HashSet<>();
  private final Map<String, Believer> believers = new LinkedHashMap<>();
  private final Succession succession;
  private final Map<Fence, String> unknowing = new LinkedHashMap<>();
  private final Set<FenceRejection> rejections = new HashSet<>();
  private final Tally tally;
  private @Nullable Fence latest;
  private boolean together;
  private int regressions;
  private int taken;
  private int takenBeforeCalm;
  private int digest;

  Watch(TimeSource time, Set<Demand> demands, Tally tally) {
    this.time = time;
    this.demands = demands;
    this.tally = tally;
    this.succession = new Succession(time);
  }

  private static final class Believer {
    private final Environment<?> where;
    private final Belief belief;
    private long heldNanos;

    Believer(Environment<?> where, Belief belief, long nowNanos) {
      this.where = where;
      this.belief = belief;
      this.heldNanos = nowNanos;
    }

    private boolean believes() {
      return where.isUp() && belief.isHeld();
    }
  }

  // What happens.

  void granted(String to, Fence fence) {
    if (granted.add(fence)) {
      tokens.add("lease", to, fence.token().value());
      seeCrashes();
      checkSuccession();
      succession.granted();
      latest = fence;
      note("granted", to, fence);
    }
  }

  void claimed(String resource, String by, Fence fence) {
    floors.add(resource, by, fence.token().value());
  }

  void wrote(String resource, String by, Fence fence) {
    taken++;
    writes.add(resource, by, fence.token().value());
    note(resource, by, fence);
  }

  /** Returns whether it is the first of this holder there. */
  boolean rejected(String who, FenceRejection rejection) {
    boolean first = rejections.add(rejection);
    if (first) {
      unknowing.put(rejection.presented(), who);
    }
    return first;
  }

  void knows(FenceRejection rejection) {
    unknowing.remove(rejection.presented());
  }

  void regressed() {
    regressions++;
  }

  /** A process begins at a place, with no belief; what the one before it had is left. */
  void begins(Environment<?> where) {
    Believer before = believers.remove(where.name());
    if (before != null && before.belief.fence().equals(latest)) {
      succession.left(before.belief.fence(), Succession.How.CRASHED, before.heldNanos);
    }
  }

  /** The work of a holder hangs from now on, while its process goes on. */
  void hangs(Fence fence) {
    if (fence.equals(latest)) {
      succession.left(fence, Succession.How.HANGS, time.nanos());
    }
  }

  /** A holder goes on with its work. */
  void acts(String who, Fence fence) {
    if (demands.contains(Demand.LAST_ACTS) && !fence.equals(latest)) {
      throw new AssertionError(
          who
              + " goes on under token "
              + fence.token().value()
              + " (expected: the last that was granted)");
    }
  }

  private void seeCrashes() {
    for (Believer one : List.copyOf(believers.values())) {
      if (!one.where.isUp()) {
        begins(one.where);
      }
    }
  }

  void believes(Environment<?> where, Belief belief) {
    believers.put(where.name(), new Believer(where, belief, time.nanos()));
  }

  /** A holder has given up. */
  void forgets(Environment<?> where) {
    believers.remove(where.name());
  }

  void calm() {
    takenBeforeCalm = taken;
  }

  private void note(String what, String who, Fence fence) {
    digest = 31 * digest + Objects.hash(time.nanos(), what, who, fence.token());
  }

  // What must hold.

  /** After each step. */
  void look() {
    seeCrashes();
    int believing = 0;
    for (Believer one : believers.values()) {
      if (one.believes()) {
        believing++;
        one.heldNanos = time.nanos();
        if (demands.contains(Demand.NONE_TOO_LONG) && one.belief.isOverdue()) {
          throw new AssertionError(
              one.where.name() + " believes in its lease beyond its deadline (expected: LOST)");
        }
      }
    }
    if (believing > 1) {
      together = true;
      if (demands.contains(Demand.ONE_BELIEVES)) {
        throw new AssertionError("held by " + holders() + " (expected: one)");
      }
    }
  }

  private String holders() {
    List<String> holders = new ArrayList<>();
    for (Believer one : believers.values()) {
      if (one.believes()) {
        holders.add(one.where.name() + " with token " + one.belief.fence().token().value());
      }
    }
    return String.join(" and ", holders);
  }

  private void checkSuccession() {
    if (demands.contains(Demand.TAKEN_OVER)) {
      succession.check(Succession.How.CRASHED);
    }
    if (demands.contains(Demand.STALLED_ENDS)) {
      succession.check(Succession.How.HANGS);
    }
  }

  /** When everything is over. */
  void end() {
    if (demands.contains(Demand.GUARDED)) {
      floors.orThrow();
      writes.orThrow();
    }
    seeCrashes();
    checkSuccession();
    if (demands.contains(Demand.NUMBERS_GROW)) {
      tokens.orThrow();
    }
    demand(Demand.REJECTED_KNOW, unknowing.isEmpty(), "rejected without knowing: " + unknowing);
    demand(Demand.NO_REGRESSION, regressions == 0, "the store's numbers went back: " + regressions);
    demand(
        Demand.WORK_GOES_ON,
        taken > takenBeforeCalm,
        "writes when the faults are over: none (expected: some)");
    tally.add(this);
  }

  private void demand(Demand demand, boolean holds, String otherwise) {
    if (demands.contains(demand) && !holds) {
      throw new AssertionError(otherwise);
    }
  }

  /** What was seen in good runs, so that a test can see that something was. */
  static final class Tally {
    private int runs;
    private int together;
    private int rejections;
    private int regressions;
    private long taken;
    private int digest;

    private void add(Watch watch) {
      runs++;
      together += watch.together ? 1 : 0;
      rejections += watch.rejections.size();
      regressions += watch.regressions;
      taken += watch.taken;
      digest = watch.digest;
    }

    /** Returns what the last run had granted and written, and when. */
    int digest() {
      return digest;
    }

    /** Returns in how many runs two believed at once. */
    int together() {
      return together;
    }

    int rejections() {
      return rejections;
    }

    int regressions() {
      return regressions;
    }

    @Override
    public String toString() {
      return runs
          + " good runs, "
          + taken
          + " writes taken, "
          + rejections
          + " rejected holders, two believed in "
          + together
          + " runs, numbers went back for "
          + regressions;
    }
  }
}
