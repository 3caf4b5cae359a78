package dev.ashlar.core.testkit.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Small worlds in which it is easy to see what arrives where, and when. */
final class Worlds {

  private Worlds() {}

  /** What places have seen, in order, as "moment place what". */
  static final class Seen {
    private final List<String> lines = new ArrayList<>();

    void add(World<String> world, Environment<String> env, String what) {
      lines.add(
          String.format(Locale.ROOT, "%.3f %s %s", world.time().nanos() / 1e9, env.name(), what));
    }

    List<String> lines() {
      return lines;
    }
  }

  /** Says what it gets. */
  static Actor<String> listener(World<String> world, Environment<String> env, Seen seen) {
    return (from, message) -> seen.add(world, env, message);
  }

  /** Sends to a place, by its own clock every so often, what it counts. */
  static class Ticker implements Actor<String> {
    private final Environment<String> env;
    private final String to;
    private final Duration every;
    private int count;

    Ticker(Environment<String> env, String to, Duration every) {
      this.env = env;
      this.to = to;
      this.every = every;
    }

    @Override
    public void onStart() {
      env.setTimer("tick", every);
    }

    @Override
    public void onTimer(String name) {
      env.send(to, "m" + ++count);
      env.setTimer("tick", every);
    }

    @Override
    public void onMessage(String from, String message) {}
  }

  /** A simulation in which a message takes a millisecond, and a run so long. */
  static Simulation<String> simulation(Scenario<String> scenario, Duration lasting) {
    return Simulation.of(scenario)
        .withLasting(lasting)
        .withTransit(Duration.ofMillis(1), Duration.ofMillis(1));
  }

  /** Runs a ticker at a that sends to b every second, with faults, and returns what b saw. */
  static List<String> ticks(int seconds, Fault... faults) throws Exception {
    Seen seen = new Seen();
    simulation(
            world -> {
              world.place("a", env -> new Ticker(env, "b", Duration.ofSeconds(1)));
              world.place("b", env -> listener(world, env, seen));
              return () -> {};
            },
            Duration.ofSeconds(seconds).plusMillis(500))
        .run(1, Arrays.asList(faults))
        .orThrow();
    return seen.lines();
  }

  static Duration seconds(double seconds) {
    return Duration.ofNanos((long) (seconds * 1e9));
  }
}
