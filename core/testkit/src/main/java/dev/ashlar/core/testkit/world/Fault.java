package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * One thing that goes wrong in a simulated world, and when.
 *
 * <p><b>Threads.</b> Immutable.
 */
public sealed interface Fault {

  /** Returns the true time at which it begins. */
  Duration at();

  /** Returns for how long it lasts; zero for what happens at once. */
  Duration lasting();

  /** Returns the places that it meets. */
  Set<String> places();

  /** Returns it in words. */
  String describe();

  /** What an elapsed clock does while its place is paused. */
  enum ClockDuring {
    /** A collector's pause, a stopped process: the clock goes on. */
    GOES_ON,
    /**
     * A machine that sleeps or is moved: the elapsed clock stands still, the wall clock goes on.
     */
    STANDS_STILL
  }

  /** Where a pause strikes. */
  enum Striking {
    /** At once, between two steps. */
    BETWEEN_STEPS,
    /** Within the next step: what it read is old when what it sends leaves, after the pause. */
    WITHIN_A_STEP
  }

  /**
   * Which messages a fault of the network meets.
   *
   * @param from those of these places
   * @param to if they go to these
   * @param bothWays or the other way round
   */
  record Route(Set<String> from, Set<String> to, boolean bothWays) {

    /** Copies. */
    public Route {
      from = Set.copyOf(from);
      to = Set.copyOf(to);
    }

    /** Returns the way from one place to another. */
    public static Route oneWay(String from, String to) {
      return new Route(Set.of(from), Set.of(to), false);
    }

    /** Returns the ways between two places. */
    public static Route between(String one, String other) {
      return new Route(Set.of(one), Set.of(other), true);
    }

    boolean meets(String sender, String receiver) {
      return (from.contains(sender) && to.contains(receiver))
          || (bothWays && from.contains(receiver) && to.contains(sender));
    }

    Set<String> places() {
      Set<String> all = new TreeSet<>(from);
      all.addAll(to);
      return all;
    }

    String describe() {
      return bothWays
          ? "between " + names(from) + " and " + names(to)
          : "from " + names(from) + " to " + names(to);
    }

    private static String names(Set<String> places) {
      return String.join(", ", new TreeSet<>(places));
    }
  }

  /**
   * Nothing arrives. One way from a store, it is requests that are carried out and not answered.
   *
   * @param at when it begins
   * @param lasting how long
   * @param route whose messages are lost, if they are sent or arrive meanwhile
   */
  record Cut(Duration at, Duration lasting, Route route) implements Fault {

    /** Checks the parts. */
    public Cut {
      checkTimes(at, lasting);
      requireNonNull(route, "route");
    }

    @Override
    public Set<String> places() {
      return route.places();
    }

    @Override
    public String describe() {
      return during(this) + "nothing arrives " + route.describe();
    }
  }

  /**
   * Some messages are lost.
   *
   * @param at when it begins
   * @param lasting how long
   * @param route whose messages
   * @param share of them, above 0, to 1
   */
  record Loss(Duration at, Duration lasting, Route route, double share) implements Fault {

    /** Checks the parts. */
    public Loss {
      checkTimes(at, lasting);
      requireNonNull(route, "route");
      checkShare(share);
    }

    @Override
    public Set<String> places() {
      return route.places();
    }

    @Override
    public String describe() {
      return during(this) + percent(share) + " of the messages are lost " + route.describe();
    }
  }

  /**
   * Some messages arrive a second time.
   *
   * @param at when it begins
   * @param lasting how long
   * @param route whose messages
   * @param share of them, above 0, to 1
   * @param later by how much at most
   */
  record Duplication(Duration at, Duration lasting, Route route, double share, Duration later)
      implements Fault {

    /** Checks the parts. */
    public Duplication {
      checkTimes(at, lasting);
      requireNonNull(route, "route");
      checkShare(share);
      checkLength("later", later);
    }

    @Override
    public Set<String> places() {
      return route.places();
    }

    @Override
    public String describe() {
      return during(this)
          + percent(share)
          + " of the messages arrive again, up to "
          + seconds(later)
          + " later, "
          + route.describe();
    }
  }

  /**
   * Messages take longer, and stay in order. Of several such faults at once the worst counts.
   *
   * @param at when it begins
   * @param lasting how long
   * @param route whose messages
   * @param by how much longer
   */
  record Delay(Duration at, Duration lasting, Route route, Duration by) implements Fault {

    /** Checks the parts. */
    public Delay {
      checkTimes(at, lasting);
      requireNonNull(route, "route");
      checkLength("by", by);
    }

    @Override
    public Set<String> places() {
      return route.places();
    }

    @Override
    public String describe() {
      return during(this) + "messages take " + seconds(by) + " longer " + route.describe();
    }
  }

  /**
   * Each message takes longer by another length, so they overtake each other.
   *
   * @param at when it begins
   * @param lasting how long
   * @param route whose messages
   * @param by how much longer at most
   */
  record Reordering(Duration at, Duration lasting, Route route, Duration by) implements Fault {

    /** Checks the parts. */
    public Reordering {
      checkTimes(at, lasting);
      requireNonNull(route, "route");
      checkLength("by", by);
    }

    @Override
    public Set<String> places() {
      return route.places();
    }

    @Override
    public String describe() {
      return during(this)
          + "messages take up to "
          + seconds(by)
          + " longer, each for itself, "
          + route.describe();
    }
  }

  /**
   * A place takes no step. Messages and timers pile up, and are worked off in their order. A place
   * that is down is not paused, and one that was paused when it died begins anew without a pause.
   *
   * @param at when it begins, or may strike from
   * @param lasting from then on; one that finds no step to strike within until then does nothing
   * @param place which one
   * @param clock what its elapsed clock does meanwhile
   * @param striking where it strikes
   */
  record Pause(Duration at, Duration lasting, String place, ClockDuring clock, Striking striking)
      implements Fault {

    /** Checks the parts. */
    public Pause {
      checkTimes(at, lasting);
      requireNonNull(place, "place");
      requireNonNull(clock, "clock");
      requireNonNull(striking, "striking");
    }

    @Override
    public Set<String> places() {
      return Set.of(place);
    }

    @Override
    public String describe() {
      return during(this)
          + place
          + (clock == ClockDuring.GOES_ON ? " is paused" : " is asleep, its clock stands still")
          + (striking == Striking.WITHIN_A_STEP ? ", from within its next step on" : "");
    }
  }

  /**
   * A process dies and another one begins in its place.
   *
   * @param at when it dies
   * @param lasting until the other begins
   * @param place which one
   * @param dataLost whether what it kept is gone too
   */
  record Crash(Duration at, Duration lasting, String place, boolean dataLost) implements Fault {

    /** Checks the parts. */
    public Crash {
      checkTimes(at, lasting);
      requireNonNull(place, "place");
    }

    @Override
    public Set<String> places() {
      return Set.of(place);
    }

    @Override
    public String describe() {
      return during(this) + place + " is down" + (dataLost ? ", and loses what it kept" : "");
    }
  }

  /**
   * A wall clock is set.
   *
   * @param at when
   * @param place whose
   * @param by how much, forward or back
   */
  record WallJump(Duration at, String place, Duration by) implements Fault {

    /** Checks the parts. */
    public WallJump {
      checkTimes(at, Duration.ZERO);
      requireNonNull(place, "place");
      requireNonNull(by, "by");
    }

    @Override
    public Duration lasting() {
      return Duration.ZERO;
    }

    @Override
    public Set<String> places() {
      return Set.of(place);
    }

    @Override
    public String describe() {
      return "at " + seconds(at) + ": the wall clock of " + place + " jumps by " + seconds(by);
    }
  }

  /**
   * Both clocks of a place run at another rate. Of several at once the last counts.
   *
   * @param at when it begins
   * @param lasting how long
   * @param place whose
   * @param rate seconds on the clock for each second of true time, 0.1 to 10
   */
  record Drift(Duration at, Duration lasting, String place, double rate) implements Fault {

    /** Checks the parts. */
    public Drift {
      checkTimes(at, lasting);
      requireNonNull(place, "place");
      if (!(rate >= 0.1 && rate <= 10)) {
        throw new IllegalArgumentException("rate: " + rate + " (expected: 0.1 to 10)");
      }
    }

    @Override
    public Set<String> places() {
      return Set.of(place);
    }

    @Override
    public String describe() {
      return during(this)
          + String.format(Locale.ROOT, "the clocks of %s run at a rate of %.5f", place, rate);
    }
  }

  private static String during(Fault fault) {
    return "at " + seconds(fault.at()) + ", for " + seconds(fault.lasting()) + ": ";
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }

  private static void checkTimes(Duration at, Duration lasting) {
    checkLength("at", at);
    checkLength("lasting", lasting);
  }

  private static void checkLength(String name, Duration length) {
    if (length.isNegative() || length.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + ": " + length + " (expected: 0 to a day)");
    }
  }

  private static void checkShare(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share: " + share + " (expected: above 0, to 1)");
    }
  }
}
