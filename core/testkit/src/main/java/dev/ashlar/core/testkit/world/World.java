package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One simulated world: places, true time, and everything that happens, one thing after the other.
 *
 * <p>Made anew for each run of a {@link Simulation}; a {@link Scenario} furnishes it.
 *
 * <p><b>Guarantees.</b> A run depends on nothing but the seed, the list of faults and the scenario.
 * Whatever is drawn for one message or one place does not depend on the faults, so leaving one out
 * changes no more than it must. Without faults every message arrives once, in the order of sending
 * between two places, and clocks keep true time.
 *
 * <p><b>Not guaranteed.</b> That a step takes time: what an actor does in one step it does at one
 * moment, unless a pause strikes within it.
 *
 * <p><b>Threads.</b> One thread only.
 *
 * @param <M> the messages
 */
public final class World<M> {

  private final long seed;
  private final Agenda agenda = new Agenda();
  private final Trace trace;
  private final Network<M> network;
  private final RandomGenerator random;
  private final Map<String, Place<M>> places = new LinkedHashMap<>();
  private final Map<String, List<Fault.Drift>> drifts = new LinkedHashMap<>();
  private final List<Scenario.Check> invariants = new ArrayList<>();
  private final TimeSource time;
  private final Timers timers;
  private final long stepsMax;
  private long steps;
  private boolean started;

  World(long seed, Network.Transit transit, long stepsMax, boolean traced) {
    this.seed = seed;
    this.stepsMax = stepsMax;
    this.trace = new Trace(agenda, traced);
    this.network = new Network<>(agenda, trace, seed, transit);
    this.random = Seeds.random(Chance.mix(seed, "scenario"));
    this.timers = new Timers(agenda, new Clock(seed), World::ring);
    this.time =
        new SimulatedTime(agenda::now, () -> Clock.WALL_START.plusNanos(agenda.now()), this::after);
  }

  /**
   * Adds a place.
   *
   * @param name like no other's
   * @param process makes its actor, at the beginning and after each crash
   * @return what its actor sees, for looking at its clocks
   */
  public Environment<M> place(String name, Function<Environment<M>, Actor<M>> process) {
    requireNonNull(process, "process");
    if (started || places.containsKey(name)) {
      throw new IllegalStateException(
          "place: " + name + " (expected: a new name, before the world begins)");
    }
    Place<M> place = new Place<>(this, name, process, Chance.mix(seed, name));
    places.put(name, place);
    return place;
  }

  /**
   * Returns true time, which no place knows: for stamps of a history, and with {@code after} for
   * what the scenario itself does.
   */
  public TimeSource time() {
    return time;
  }

  /** Returns chance for the scenario, by the run's seed. */
  public RandomGenerator random() {
    return random;
  }

  /** Demands that something holds after every step of every place. */
  public void always(Scenario.Check invariant) {
    invariants.add(requireNonNull(invariant, "invariant"));
  }

  /** Notes something among the events that a failure prints. */
  public void note(String what) {
    trace.add("note", what);
  }

  private TimeSource.Timer after(Duration delay, Runnable task) {
    // True time is a clock like any other, which nothing ever happens to.
    return timers.add("", delay, task::run);
  }

  private static void ring(Timers.Alarm alarm) throws Exception {
    alarm.ring();
  }

  List<String> places() {
    return List.copyOf(places.keySet());
  }

  Place<M> placeOf(String name) {
    Place<M> place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException(
          "place: " + name + " (expected: one of " + places.keySet() + ")");
    }
    return place;
  }

  Agenda agenda() {
    return agenda;
  }

  Network<M> network() {
    return network;
  }

  Trace trace() {
    return trace;
  }

  long steps() {
    return steps;
  }

  void stepped() throws Exception {
    if (++steps > stepsMax) {
      throw new AssertionError(
          "steps: more than " + stepsMax + " (expected: fewer; does something go in circles?)");
    }
    for (Scenario.Check invariant : invariants) {
      invariant.check();
    }
  }

  void run(List<Fault> faults, Duration lasting) throws Exception {
    started = true;
    // Places first: what is to go wrong at once must find somebody.
    for (Place<M> place : places.values()) {
      agenda.at(0, place::start);
    }
    for (Fault fault : faults) {
      agenda.at(fault.at().toNanos(), () -> begin(fault));
    }
    long end = lasting.toNanos();
    boolean goesOn;
    do {
      goesOn = agenda.doNext(end);
    } while (goesOn);
  }

  /** Refuses faults of places that are not there. */
  void checkPlaces(List<Fault> faults) {
    for (Fault fault : faults) {
      for (String place : fault.places()) {
        requireNonNull(placeOf(place), place);
      }
    }
  }

  private void begin(Fault fault) {
    if (trace.isOn()) {
      trace.add("fault", fault.describe());
    }
    if (fault instanceof Fault.Pause pause) {
      placeOf(pause.place()).pause(pause);
    } else if (fault instanceof Fault.Crash crash) {
      placeOf(crash.place()).crash(crash);
    } else if (fault instanceof Fault.WallJump jump) {
      placeOf(jump.place()).jumpWall(jump.by());
    } else if (fault instanceof Fault.Drift drift) {
      List<Fault.Drift> ofPlace = drifts.computeIfAbsent(drift.place(), place -> new ArrayList<>());
      ofPlace.add(drift);
      follow(drift.place(), ofPlace);
      endLater(drift, () -> endDrift(drift, ofPlace));
    } else {
      network.begin(fault);
      endLater(fault, () -> network.end(fault));
    }
  }

  private void endLater(Fault fault, Work end) {
    agenda.at(agenda.now() + fault.lasting().toNanos(), end);
  }

  private void endDrift(Fault.Drift drift, List<Fault.Drift> ofPlace) {
    ofPlace.remove(drift);
    follow(drift.place(), ofPlace);
  }

  private void follow(String place, List<Fault.Drift> ofPlace) {
    placeOf(place).setRate(ofPlace.isEmpty() ? 1 : ofPlace.get(ofPlace.size() - 1).rate());
  }
}
