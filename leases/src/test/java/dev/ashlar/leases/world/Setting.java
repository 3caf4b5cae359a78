package dev.ashlar.leases.world;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.world.Environment;
import dev.ashlar.core.testkit.world.World;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.SimKeeper;
import java.time.Duration;
import java.util.Set;

/**
 * What the places of one run have in common.
 *
 * @param form which defences there are
 * @param trouble of the world itself
 * @param watch looks at it from outside
 * @param workload what is done under the lease
 */
record Setting<V>(Form form, Set<Trouble> trouble, Watch watch, Workload<V> workload) {

  /** What no fault of a mix brings. */
  enum Trouble {
    /** Grants end now and then for no reason, as with a session that expires. */
    SESSIONS_EXPIRE,
    /** The store measures terms by its wall clock, as a database does. */
    STORE_ON_WALL_CLOCK,
    /** The resource takes writes from whoever comes, so holders write only while HELD. */
    NO_GUARD,
    /** The work of some tenures of a and b hangs: it neither writes nor ends. */
    WORK_HANGS
  }

  boolean has(Defence defence) {
    return form.has(defence);
  }

  boolean has(Trouble one) {
    return trouble.contains(one);
  }

  /** Adds a store and a resource; returns what the resource has on its disk. */
  ResourcePlace.Shelf<V> furnish(World<Message<V>> world) {
    ResourcePlace.Shelf<V> shelf = new ResourcePlace.Shelf<>(workload);
    world.place(
        LeaseWorld.STORE,
        env -> new StorePlace<>(env, this, clockOfStore(env), SimKeeper.askedTerm(options(env))));
    world.place(LeaseWorld.RESOURCE, env -> new ResourcePlace<>(env, this, shelf));
    return shelf;
  }

  private TimeSource clockOfStore(Environment<Message<V>> env) {
    return has(Trouble.STORE_ON_WALL_CLOCK) ? new WallTime(env.time()) : env.time();
  }

  /** Returns how a place asks for the lease; a and b are of one owner. */
  LeaseOptions options(Environment<Message<V>> env) {
    String owner = env.name().equals("c") ? "host-2" : "host-1";
    LeaseOptions plain =
        LeaseOptions.of(owner, env.random())
            .withTerm(LeaseWorld.TERM)
            .withPollEvery(LeaseWorld.POLL)
            .withLockDelay(has(Defence.LOCK_DELAY) ? LeaseWorld.LOCK_DELAY : Duration.ZERO);
    return has(Defence.STALL_LIMIT) ? plain.withStallMax(LeaseWorld.STALL_MAX) : plain;
  }
}
