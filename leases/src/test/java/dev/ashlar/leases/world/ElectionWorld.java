package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Scenario;
import dev.ashlar.core.testkit.world.World;
import dev.ashlar.leases.world.Watch.Demand;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Three nodes that elect a leader, who writes a log under its term, as a scenario.
 *
 * @param form which defences there are
 * @param demands what must hold
 * @param seen is added to
 */
record ElectionWorld(Form form, Set<Demand> demands, ElectionWatch.Seen seen)
    implements Scenario<Message<List<Leading.Entry>>> {

  static ElectionWorld demanding(Demand first, Demand... others) {
    return new ElectionWorld(Form.WHOLE, EnumSet.of(first, others), new ElectionWatch.Seen());
  }

  ElectionWorld in(Form other) {
    return new ElectionWorld(other, demands, seen);
  }

  @Override
  public Check furnish(World<Message<List<Leading.Entry>>> world) {
    Watch watch = new Watch(world.time(), demands, new Watch.Tally());
    ElectionWatch election = new ElectionWatch(world.time(), demands, seen);
    Setting<List<Leading.Entry>> setting =
        new Setting<>(form, EnumSet.noneOf(Setting.Trouble.class), watch, new Leading());
    ResourcePlace.Shelf<List<Leading.Entry>> shelf = setting.furnish(world);
    for (String node : LeaseWorld.WORKERS) {
      world.place(node, env -> new Candidate<>(env, setting, election));
    }
    world.always(watch::look);
    world.always(election::look);
    TimeSource.Timer unused =
        world
            .time()
            .after(
                LeaseWorld.CALM_FROM,
                () -> {
                  watch.calm();
                  election.calm();
                });
    return () -> {
      if (demands.contains(Demand.GUARDED)) {
        setting.workload().end(shelf.contents());
      }
      watch.end();
      election.end();
    };
  }
}
