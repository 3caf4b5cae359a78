package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.world.Watch.Demand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/*
 * As with beliefs, it is enough to look after each step: a term begins with a step only, while clocks end
 * it.
 */

/** Looks at an election from outside, in true time. */
final class ElectionWatch {

  private static final Duration SOMEBODY_WITHIN =
      LeaseWorld.TERM.multipliedBy(2).plus(LeaseWorld.POLL);

  /** A call that is under way when the term ends, and the one that tells of the end. */
  private static final Duration HEARD_WITHIN = Duration.ofMillis(2 * Candidate.SLOW_MILLIS + 500);

  private final TimeSource time;
  private final Set<Demand> demands;
  private final Seen seen;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private Optional<Term> last = Optional.empty();
  private boolean together;
  private boolean calm;
  private long calmNanos;
  private Optional<Duration> leaderless = Optional.empty();

  ElectionWatch(TimeSource time, Set<Demand> demands, Seen seen) {
    this.time = time;
    this.demands = demands;
    this.seen = seen;
  }

  /** One process. */
  private static final class Node {
    private final Environment<?> where;
    private final Supplier<Optional<Term>> current;
    private Optional<Term> heard = Optional.empty();
    private Optional<Long> overSince = Optional.empty();

    Node(Environment<?> where, Supplier<Optional<Term>> current) {
      this.where = where;
      this.current = current;
    }
  }

  // What happens.

  /** A process begins, and has heard nothing. */
  void begins(Environment<?> where, Supplier<Optional<Term>> current) {
    nodes.put(where.name(), new Node(where, current));
  }

  private Node node(Environment<?> where) {
    Node node = nodes.get(where.name());
    if (node == null) {
      throw new IllegalArgumentException("node: " + where.name());
    }
    return node;
  }

  void elected(Environment<?> where, Term term) {
    Node node = node(where);
    seen.elected++;
    if (node.heard.isPresent()) {
      demand(Demand.IN_TURN, where.name() + " hears of " + term + " in " + node.heard.get());
    }
    node.heard = Optional.of(term);
  }

  void ended(Environment<?> where, Term term) {
    Node node = node(where);
    if (!node.heard.equals(Optional.of(term))) {
      demand(Demand.IN_TURN, where.name() + " hears the end of " + term + " in " + node.heard);
    }
  }

  /** A listener has returned from the end of a term. */
  void hasEnded(Environment<?> where) {
    node(where).heard = Optional.empty();
  }

  void givesBack(Environment<?> where, Term term) {
    seen.givenBack++;
    Node node = node(where);
    if (node.heard.isPresent()) {
      demand(Demand.HEARD_THE_END, where.name() + " gives back " + term + " in " + node.heard);
    }
  }

  void leaves() {
    seen.left++;
  }

  void overdue() {
    seen.overdue++;
  }

  void calm() {
    calm = true;
    calmNanos = time.nanos();
  }

  // What must hold.

  /** After each step. */
  void look() {
    List<Term> current = new ArrayList<>(1);
    for (Node node : nodes.values()) {
      Optional<Term> term = node.where.isUp() ? node.current.get() : Optional.empty();
      boolean over = node.heard.isPresent() && !node.heard.equals(term);
      node.overSince = over ? node.overSince.or(() -> Optional.of(time.nanos())) : Optional.empty();
      term.ifPresent(current::add);
    }
    if (current.size() > 1) {
      together = true;
      if (demands.contains(Demand.ONE_LEADS)) {
        throw new AssertionError("current: " + current + " (expected: one)");
      }
    }
    current.forEach(this::leads);
  }

  private void leads(Term term) {
    if (demands.contains(Demand.ONE_LEADS)
        && last.filter(one -> !one.equals(term) && one.number() >= term.number()).isPresent()) {
      throw new AssertionError("current: " + term + " (expected: a number after " + last + ")");
    }
    last = Optional.of(term);
    if (calm && leaderless.isEmpty()) {
      leaderless = Optional.of(Duration.ofNanos(time.nanos() - calmNanos));
    }
  }

  /** When everything is over. */
  void end() {
    for (Node node : nodes.values()) {
      if (node.overSince.filter(this::isLongAgo).isPresent()) {
        demand(Demand.END_IS_HEARD, node.where.name() + " has not heard the end of " + node.heard);
      }
    }
    if (leaderless.filter(length -> length.compareTo(SOMEBODY_WITHIN) <= 0).isEmpty()) {
      demand(
          Demand.SOMEBODY_LEADS,
          "without a leader after the faults for "
              + leaderless.map(Duration::toString).orElse("ever")
              + " (expected: at most "
              + SOMEBODY_WITHIN
              + ")");
    }
    seen.together += together ? 1 : 0;
  }

  private boolean isLongAgo(long sinceNanos) {
    return time.nanos() - sinceNanos > HEARD_WITHIN.toNanos();
  }

  private void demand(Demand demand, String otherwise) {
    if (demands.contains(demand)) {
      throw new AssertionError(otherwise);
    }
  }

  /** What was seen in good runs. */
  static final class Seen {
    private long elected;
    private long givenBack;
    private long left;
    private long overdue;
    private int together;

    /** Returns in how many runs two led at once. */
    int together() {
      return together;
    }

    long elected() {
      return elected;
    }

    /** Returns how many leases were given back after everybody had heard the end. */
    long givenBack() {
      return givenBack;
    }

    /** Returns how many leases were left to their term, because a listener took too long. */
    long left() {
      return left;
    }

    /** Returns how often a listener was at work when a successor could lead. */
    long overdue() {
      return overdue;
    }

    @Override
    public String toString() {
      return elected
          + " terms heard of, "
          + givenBack
          + " given back, "
          + left
          + " left to their term, "
          + overdue
          + " listeners too late, two led in "
          + together
          + " runs";
    }
  }
}
