package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which faults a seed may bring, how often each in relation to the others, and how long they last.
 *
 * <p>Lengths are drawn so that each order of magnitude is as likely as another: a pause of 20 ms
 * finds other defects than one that is longer than every timeout.
 *
 * <p><b>Guarantees.</b> The same seed and mix give the same faults. Faults are over when three
 * quarters of the run are, and what they made late has come; a drift within the bound may last to
 * its end.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> Unless told otherwise: up to 8 faults in a run, 10 ms to 10 s each; clocks
 * whose rates differ by at most a per cent.
 *
 * <pre>{@code
 * FaultMix mix =
 *     FaultMix.none()
 *         .with(Kind.PAUSE, 3, "a", "b")
 *         .with(Kind.CUT, 1)
 *         .withLengths(Duration.ofMillis(10), Duration.ofSeconds(30));
 * }</pre>
 */
public final class FaultMix {

  private static final int FAULTS = 8;
  private static final Duration LEAST = Duration.ofMillis(10);
  private static final Duration MOST = Duration.ofSeconds(10);
  private static final double DRIFT_BOUND = 0.01;

  private final List<Share> shares;
  private final int faultsMax;
  private final Duration least;
  private final Duration most;
  private final double driftBound;

  private FaultMix(
      List<Share> shares, int faultsMax, Duration least, Duration most, double driftBound) {
    this.shares = shares;
    this.faultsMax = faultsMax;
    this.least = least;
    this.most = most;
    this.driftBound = driftBound;
  }

  /** What can go wrong. */
  public enum Kind {
    /** {@link Fault.Cut}: of one place from all others or from one, in one direction or both. */
    CUT,
    /** {@link Fault.Loss} of a tenth of the messages or more. */
    LOSS,
    /** {@link Fault.Delay}. */
    DELAY,
    /** {@link Fault.Reordering}. */
    REORDERING,
    /** {@link Fault.Duplication} of a tenth of the messages or more. */
    DUPLICATION,
    /** {@link Fault.Pause} during which clocks go on; every second one within a step. */
    PAUSE,
    /** {@link Fault.Pause} during which the elapsed clock stands still, likewise. */
    SUSPENSION,
    /** {@link Fault.Crash} after which the place finds what it kept. */
    CRASH,
    /** {@link Fault.Crash} after which it does not. */
    DATA_LOSS,
    /** {@link Fault.WallJump} by a millisecond to a day, forward or back. */
    WALL_JUMP,
    /** {@link Fault.Drift} within the bound. */
    DRIFT,
    /** {@link Fault.Drift} beyond the bound, up to twice or half as fast. */
    EXCESSIVE_DRIFT
  }

  /** Returns a mix without faults. */
  public static FaultMix none() {
    return new FaultMix(List.of(), FAULTS, LEAST, MOST, DRIFT_BOUND);
  }

  /**
   * Returns a mix of every kind that no place may be harmed by: all but lost data and bad clocks.
   */
  public static FaultMix ordinary() {
    return none()
        .with(Kind.CUT, 2)
        .with(Kind.LOSS, 1)
        .with(Kind.DELAY, 1)
        .with(Kind.REORDERING, 1)
        .with(Kind.DUPLICATION, 1)
        .with(Kind.PAUSE, 3)
        .with(Kind.SUSPENSION, 1)
        .with(Kind.CRASH, 2)
        .with(Kind.WALL_JUMP, 1)
        .with(Kind.DRIFT, 1);
  }

  /**
   * Returns this mix with one more kind, or more of one.
   *
   * @param kind which
   * @param weight how often in relation to others, 1 to 1000
   * @param places that it may meet, of the network as senders or receivers; none for all
   */
  public FaultMix with(Kind kind, int weight, String... places) {
    if (weight < 1 || weight > 1000) {
      throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to 1000)");
    }
    List<Share> more = new ArrayList<>(shares);
    more.add(new Share(requireNonNull(kind, "kind"), weight, List.of(places)));
    return new FaultMix(List.copyOf(more), faultsMax, least, most, driftBound);
  }

  /** Returns this mix with another number of faults in a run at most, 1 to 100. */
  public FaultMix withFaultsMax(int faults) {
    if (faults < 1 || faults > 100) {
      throw new IllegalArgumentException("faults: " + faults + " (expected: 1 to 100)");
    }
    return new FaultMix(shares, faults, least, most, driftBound);
  }

  /** Returns this mix with other lengths of faults, from a millisecond to an hour. */
  public FaultMix withLengths(Duration shortest, Duration longest) {
    if (shortest.compareTo(Duration.ofMillis(1)) < 0
        || longest.compareTo(shortest) < 0
        || longest.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "lengths: " + shortest + " to " + longest + " (expected: within PT0.001S to PT1H)");
    }
    return new FaultMix(shares, faultsMax, shortest, longest, driftBound);
  }

  /** Returns this mix with another bound on how much faster one clock runs than another, 0 to 1. */
  public FaultMix withDriftBound(double bound) {
    if (!(bound >= 0 && bound <= 1)) {
      throw new IllegalArgumentException("bound: " + bound + " (expected: 0 to 1)");
    }
    return new FaultMix(shares, faultsMax, least, most, bound);
  }

  /** Returns the faults of a run, in the order in which they begin. */
  List<Fault> draw(RandomGenerator random, List<String> places, Duration lasting) {
    return shares.isEmpty() || places.isEmpty()
        ? List.of()
        : new FaultDraw(this, random, places, lasting).faults();
  }

  List<Share> shares() {
    return shares;
  }

  int faultsMax() {
    return faultsMax;
  }

  Duration least() {
    return least;
  }

  Duration most() {
    return most;
  }

  double driftBound() {
    return driftBound;
  }

  /** Says what is in the mix, for people. */
  @Override
  public String toString() {
    return "up to "
        + faultsMax
        + " faults of "
        + least
        + " to "
        + most
        + ", drift bound "
        + driftBound
        + ", "
        + shares;
  }

  /** One kind, how often, and whom it may meet. */
  record Share(Kind kind, int weight, List<String> places) {

    @Override
    public String toString() {
      return weight + " " + kind + (places.isEmpty() ? "" : " of " + places);
    }
  }
}
