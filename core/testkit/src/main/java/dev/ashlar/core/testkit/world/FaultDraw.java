package dev.ashlar.core.testkit.world;

import dev.ashlar.core.testkit.world.Fault.ClockDuring;
import dev.ashlar.core.testkit.world.Fault.Route;
import dev.ashlar.core.testkit.world.Fault.Striking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Draws the faults of one run, the same on every machine: hence the strict arithmetic. */
final class FaultDraw {

  private static final long LONGEST_JUMP_NANOS = Duration.ofDays(1).toNanos();
  private static final long SHORTEST_JUMP_NANOS = Duration.ofMillis(1).toNanos();

  /** The last quarter is calm, so that a run can show that things get better again. */
  private static final double CALM_FROM = 0.75;

  private final FaultMix mix;
  private final RandomGenerator random;
  private final List<String> places;
  private final Duration lasting;
  private final long calmFrom;

  FaultDraw(FaultMix mix, RandomGenerator random, List<String> places, Duration lasting) {
    this.mix = mix;
    this.random = random;
    this.places = places;
    this.lasting = lasting;
    this.calmFrom = (long) (lasting.toNanos() * CALM_FROM);
    for (FaultMix.Share share : mix.shares()) {
      if (!places.containsAll(share.places())) {
        throw new IllegalArgumentException(
            share.kind() + ": " + share.places() + " (expected: of " + places + ")");
      }
    }
  }

  List<Fault> faults() {
    int count = 1 + random.nextInt(mix.faultsMax());
    List<Fault> faults = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      faults.add(fault(share()));
    }
    faults.sort(Comparator.comparing(Fault::at));
    return List.copyOf(faults);
  }

  private FaultMix.Share share() {
    int all = mix.shares().stream().mapToInt(FaultMix.Share::weight).sum();
    int drawn = random.nextInt(all);
    for (FaultMix.Share share : mix.shares()) {
      drawn -= share.weight();
      if (drawn < 0) {
        return share;
      }
    }
    throw new IllegalStateException("weights: " + all);
  }

  private Fault fault(FaultMix.Share share) {
    long begin = random.nextLong(calmFrom);
    Duration at = Duration.ofNanos(begin);
    long left = calmFrom - begin;
    long span = Math.min(length(), left);
    Duration during = Duration.ofNanos(span);
    // What is late at the end of such a fault must not be late when it is calm.
    Duration extent = Duration.ofNanos(Math.min(length(), left));
    Duration first = Duration.ofNanos(Math.min(span, left - extent.toNanos()));
    String place = one(share.places().isEmpty() ? places : share.places());
    return switch (share.kind()) {
      case CUT -> new Fault.Cut(at, during, route(place));
      case LOSS -> new Fault.Loss(at, during, route(place), part());
      case DELAY -> new Fault.Delay(at, first, route(place), extent);
      case REORDERING -> new Fault.Reordering(at, first, route(place), extent);
      case DUPLICATION -> new Fault.Duplication(at, first, route(place), part(), extent);
      case PAUSE -> new Fault.Pause(at, during, place, ClockDuring.GOES_ON, striking());
      case SUSPENSION -> new Fault.Pause(at, during, place, ClockDuring.STANDS_STILL, striking());
      case CRASH -> new Fault.Crash(at, during, place, false);
      case DATA_LOSS -> new Fault.Crash(at, during, place, true);
      case WALL_JUMP -> new Fault.WallJump(at, place, jump());
      case DRIFT -> new Fault.Drift(at, random.nextBoolean() ? during : rest(at), place, rate());
      case EXCESSIVE_DRIFT -> new Fault.Drift(at, during, place, excessiveRate());
    };
  }

  private long length() {
    return logarithmic(mix.least().toNanos(), mix.most().toNanos());
  }

  /** Each order of magnitude is as likely as another. */
  private long logarithmic(long least, long most) {
    return (long) (least * StrictMath.pow((double) most / least, random.nextDouble()));
  }

  private Duration rest(Duration at) {
    return lasting.minus(at);
  }

  private double part() {
    return 0.1 + 0.9 * random.nextDouble();
  }

  private Duration jump() {
    long by = logarithmic(SHORTEST_JUMP_NANOS, LONGEST_JUMP_NANOS);
    return Duration.ofNanos(random.nextBoolean() ? by : -by);
  }

  private Striking striking() {
    return random.nextBoolean() ? Striking.WITHIN_A_STEP : Striking.BETWEEN_STEPS;
  }

  /**
   * The bound is on two clocks, so each has its root; the extremes find most, so they are common.
   */
  private double rate() {
    double extreme = Math.sqrt(1 + mix.driftBound());
    double exponent = random.nextBoolean() ? 1 : random.nextDouble();
    double rate = StrictMath.pow(extreme, exponent);
    return random.nextBoolean() ? rate : 1 / rate;
  }

  private double excessiveRate() {
    double rate = 1 + mix.driftBound() + (1 - mix.driftBound()) * random.nextDouble();
    return random.nextBoolean() ? rate : 1 / rate;
  }

  private Route route(String place) {
    Set<String> others = new HashSet<>(places);
    others.remove(place);
    if (others.isEmpty()) {
      return Route.oneWay(place, place);
    }
    Set<String> there =
        random.nextBoolean()
            ? others
            : Set.of(one(places.stream().filter(others::contains).toList()));
    return switch (random.nextInt(3)) {
      case 0 -> new Route(Set.of(place), there, false);
      case 1 -> new Route(there, Set.of(place), false);
      default -> new Route(Set.of(place), there, true);
    };
  }

  private String one(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
