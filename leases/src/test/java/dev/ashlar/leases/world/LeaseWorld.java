package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.core.testkit.world.Scenario;
import dev.ashlar.core.testkit.world.World;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.keep.LeaseOptions;
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
  static final List<String> WORKERS = List.of("a", "b", "c");
  static final String STORE = "store";
  static final String RESOURCE = "resource";

  /** What no fault of a mix brings. */
  enum Trouble {
    /** Grants end now and then for no reason, as with a session that expires. */
    SESSIONS_EXPIRE,
    /** The store measures terms by its wall clock, as a database does. */
    STORE_ON_WALL_CLOCK
  }

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
    Workload<V> workload = work.apply(world);
    ResourcePlace.Shelf<V> shelf = new ResourcePlace.Shelf<>(workload);
    world.place(
        STORE,
        env ->
            new StorePlace<>(
                env, form, watch, trouble.contains(Trouble.SESSIONS_EXPIRE), clockOfStore(env)));
    world.place(RESOURCE, env -> new ResourcePlace<>(env, form, watch, workload, shelf));
    for (String worker : WORKERS) {
      world.place(worker, env -> new Worker<>(env, form, watch, workload, options(env)));
    }
    world.always(watch::look);
    TimeSource.Timer unused = world.time().after(LASTING.multipliedBy(3).dividedBy(4), watch::calm);
    return () -> {
      if (demands.contains(Demand.GUARDED)) {
        workload.end(shelf.contents());
      }
      watch.end();
    };
  }

  private TimeSource clockOfStore(Environment<Message<V>> env) {
    return trouble.contains(Trouble.STORE_ON_WALL_CLOCK) ? new WallTime(env.time()) : env.time();
  }

  private LeaseOptions options(Environment<Message<V>> env) {
    String owner = env.name().equals("c") ? "host-2" : "host-1";
    return LeaseOptions.of(owner, env.random()).withTerm(TERM).withPollEvery(POLL);
  }
}
