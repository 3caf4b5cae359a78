package dev.ashlar.core.testkit.world;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * The life of a place
 * -------------------
 *
 *            crash                     restart
 *   runs ------------> down --------------------> runs, with a new actor
 *     |   <--------------------+
 *     | pause                  | the last pause ends: first what a step had sent leaves, then what
 *     +--> paused -------------+ piled up is done, step by step, in the order of its moments
 *            | crash
 *            +------------> down: what piled up is lost, and what had not left
 *
 * A pause that strikes within a step waits for the next step, lets it be taken, and keeps what it sends
 * until the pause ends. That is the pause between a check and the write that relies on it, which no check
 * can prevent.
 */

/** A place: its clocks, its disk, and the process that runs there. */
final class Place<M> implements Environment<M> {

  private final World<M> world;
  private final String name;
  private final Function<Environment<M>, Actor<M>> process;
  private final long seed;
  private final Clock clock;
  private final Timers timers;
  private final TimeSource time;
  private final Map<String, Object> kept = new HashMap<>();
  private final Deque<Work> piledUp = new ArrayDeque<>();
  private final Deque<Work> unsent = new ArrayDeque<>();

  private @Nullable Actor<M> actor;
  private RandomGenerator random;
  private int lives;
  private Fault.@Nullable Pause striking;
  private boolean isWithheld;
  private boolean isPaused;
  private long pausedUntil;
  private long stillUntil;
  private long downUntil;

  Place(World<M> world, String name, Function<Environment<M>, Actor<M>> process, long seed) {
    this.world = world;
    this.name = name;
    this.process = process;
    this.seed = seed;
    this.clock = new Clock(seed);
    this.timers = new Timers(world.agenda(), clock, this::ring);
    this.time =
        new SimulatedTime(
            () -> clock.nanos(now()),
            () -> clock.wall(now()),
            (delay, task) -> timers.add("", delay, task::run));
    this.random = Seeds.random(seed);
  }

  private long now() {
    return world.agenda().now();
  }

  // What its actor sees.

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isUp() {
    return actor != null;
  }

  @Override
  public void send(String to, M message) {
    requireNonNull(message, "message");
    Place<M> receiver = world.placeOf(to);
    if (isWithheld || isPaused) {
      unsent.add(() -> world.network().send(this, receiver, message));
    } else if (actor != null) {
      world.network().send(this, receiver, message);
    }
  }

  @Override
  public void setTimer(String timer, Duration delay) {
    timers.set(timer, delay, () -> running().onTimer(timer));
  }

  @Override
  public void cancelTimer(String timer) {
    timers.cancel(timer);
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  @SuppressWarnings("unchecked") // What stands under a name was made for it, by the same code.
  public <T> T kept(String content, Supplier<T> empty) {
    return (T) kept.computeIfAbsent(content, name -> requireNonNull(empty.get(), content));
  }

  // What the world does to it.

  void start() throws Exception {
    lives++;
    random = Seeds.random(Chance.mix(seed, lives));
    Actor<M> begun = process.apply(this);
    actor = begun;
    step(begun::onStart);
  }

  void deliver(String from, M message) throws Exception {
    if (actor == null && world.trace().isOn()) {
      world.trace().add(name, "is down, and misses from " + from + "  " + message);
    }
    step(
        () -> {
          if (world.trace().isOn()) {
            world.trace().add(name, "<- " + from + "  " + message);
          }
          running().onMessage(from, message);
        });
  }

  private void ring(Timers.Alarm alarm) throws Exception {
    step(
        () -> {
          if (alarm.isSet()) {
            if (world.trace().isOn() && !alarm.name().isEmpty()) {
              world.trace().add(name, "timer " + alarm.name());
            }
            alarm.ring();
          }
        });
  }

  private Actor<M> running() {
    return requireNonNull(actor, name);
  }

  private void step(Work work) throws Exception {
    if (actor == null) {
      return;
    }
    if (isPaused) {
      piledUp.add(work);
      return;
    }
    Fault.Pause strikes = strikingNow();
    isWithheld = strikes != null;
    work.run();
    isWithheld = false;
    if (strikes != null) {
      begin(strikes);
    }
    world.stepped();
  }

  private Fault.@Nullable Pause strikingNow() {
    Fault.Pause strikes = striking;
    striking = null;
    return strikes != null && now() < end(strikes) ? strikes : null;
  }

  private static long end(Fault.Pause pause) {
    return pause.at().plus(pause.lasting()).toNanos();
  }

  void pause(Fault.Pause pause) {
    if (actor == null) {
      return;
    }
    if (pause.striking() == Fault.Striking.WITHIN_A_STEP && !isPaused) {
      striking = pause;
    } else {
      begin(pause);
    }
  }

  private void begin(Fault.Pause pause) {
    long until = end(pause);
    isPaused = true;
    pausedUntil = Math.max(pausedUntil, until);
    if (pause.clock() == Fault.ClockDuring.STANDS_STILL) {
      stillUntil = Math.max(stillUntil, until);
      clock.setStill(true, now());
      timers.followClock();
    }
    world.trace().add(name, "is paused");
    world.agenda().at(until, this::wakeUp);
  }

  private void wakeUp() throws Exception {
    if (clock.isStill() && now() >= stillUntil) {
      clock.setStill(false, now());
      timers.followClock();
    }
    if (!isPaused || now() < pausedUntil) {
      return;
    }
    isPaused = false;
    world.trace().add(name, "goes on");
    while (!unsent.isEmpty()) {
      unsent.remove().run();
    }
    while (!isPaused && !piledUp.isEmpty()) {
      step(piledUp.remove());
    }
  }

  void crash(Fault.Crash crash) {
    actor = null;
    striking = null;
    isPaused = false;
    pausedUntil = now();
    stillUntil = now();
    clock.setStill(false, now());
    timers.clear();
    piledUp.clear();
    unsent.clear();
    if (crash.dataLost()) {
      kept.clear();
    }
    world.trace().add(name, "crashes");
    downUntil = Math.max(downUntil, now() + crash.lasting().toNanos());
    world.agenda().at(downUntil, this::restart);
  }

  private void restart() throws Exception {
    if (actor == null && now() >= downUntil) {
      world.trace().add(name, "starts again");
      start();
    }
  }

  void jumpWall(Duration by) {
    clock.jumpWall(by.toNanos());
  }

  void setRate(double rate) {
    clock.setRate(rate, now());
    timers.followClock();
  }
}
