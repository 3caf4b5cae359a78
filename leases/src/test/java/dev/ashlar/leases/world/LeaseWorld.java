package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Scenario;
import dev.ashlar.core.testkit.world.World;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.world.Setting.Trouble;
import dev.ashlar.leases.world.Watch.Demand;
import dev.ashlar.leases.world.Watch.Tally;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/*
 *            store: MemoryLeaseStore          resource: MemoryFloor and contents
 *               ^   one lease                    ^
 *               | Acquire, Extend, Release       | Claim, Write
 *               |                                |
 *               +----------- a, b, c ------------+       a and b are of one owner, c of another
 *
 * A worker asks for the lease, keeps it by the real Keeper, claims every resource of its work, writes for
 * a while, and releases. What goes wrong meanwhile, the simulation decides.
 */

/**
 * Workers, a store and resources, as a scenario.
 *
 * @param form which defences there are
 * @param demands what must hold
 * @param trouble of the world itself, beyond the faults of a mix
 * @param work makes the workload of a run
 * @param tally is added to
 */
record LeaseWorld<V>(
    Form form,
    Set<Demand> demands,
    Set<Trouble> trouble,
    Function<World<Message<V>>, Workload<V>> work,
    Tally tally)
    implements Scenario<Message<V>> {

  static final LeaseName NAME = new LeaseName("nightly");
  static final Duration TERM = Duration.ofSeconds(2);
  static final Duration POLL = Duration.ofMillis(500);
  static final Duration LASTING = Duration.ofSeconds(40);
  static final Duration CALM_FROM = LASTING.multipliedBy(3).dividedBy(4);
  static final Duration LOCK_DELAY = Duration.ofSeconds(3);
  static final Duration STALL_MAX = Duration.ofSeconds(3);
  static final List<String> WORKERS = List.of("a", "b", "c");
  static final String STORE = "store";
  static final String RESOURCE = "resource";

  /**
   * Returns a world with the protocol whole, of which it is demanded that resources are guarded.
   */
  static <V> LeaseWorld<V> of(Function<World<Message<V>>, Workload<V>> work) {
    return new LeaseWorld<>(
        Form.WHOLE, EnumSet.of(Demand.GUARDED), EnumSet.noneOf(Trouble.class), work, new Tally());
  }

  LeaseWorld<V> in(Form other) {
    return new LeaseWorld<>(other, demands, trouble, work, tally);
  }

  LeaseWorld<V> demanding(Demand first, Demand... others) {
    return new LeaseWorld<>(form, EnumSet.of(first, others), trouble, work, tally);
  }

  LeaseWorld<V> with(Trouble more) {
    Set<Trouble> all = EnumSet.of(more);
    all.addAll(trouble);
    return new LeaseWorld<>(form, demands, all, work, tally);
  }

  @Override
  public Check furnish(World<Message<V>> world) {
    Watch watch = new Watch(world.time(), demands, tally);
    Setting<V> setting = new Setting<>(form, trouble, watch, work.apply(world));
    ResourcePlace.Shelf<V> shelf = setting.furnish(world);
    for (String worker : WORKERS) {
      world.place(worker, env -> new Worker<>(env, setting));
    }
    world.always(watch::look);
    TimeSource.Timer unused = world.time().after(CALM_FROM, watch::calm);
    return () -> {
      if (demands.contains(Demand.GUARDED)) {
        setting.workload().end(shelf.contents());
      }
      watch.end();
    };
  }
}
