package dev.ashlar.leases.detect;

/**
 * Says of nodes whether they have been heard lately.
 *
 * <p>Decides when it is worth trying to take over, and where to route. It grants nothing and
 * revokes nothing: a suspected node may hold its lease and write, a live one may have lost it. Who
 * owns is decided by leases, and who may write by the floor at the resource.
 *
 * <p><b>Guarantees.</b> A watched node that stays silent becomes suspected, also if it was never
 * heard (LEASE-56). One that is heard again is alive (LEASE-57). The level never falls between
 * heartbeats (LEASE-58) and is finite for every silence and every rhythm (LEASE-60). That this
 * process stood still, or that a wall clock was set, alone suspects nobody (LEASE-59, LEASE-86).
 * Copies, late ones and those of a former life do not count as heartbeats (LEASE-85). An outage for
 * which a node was suspected does not make the next one be noticed later (LEASE-88).
 *
 * <p><b>Not guaranteed.</b> That a suspected node has crashed, or that two processes agree. A
 * network that holds heartbeats back and lets them go one by one, in order, makes a dead node look
 * alive for as long as it does so; heartbeats that come by way of others do so every day, which is
 * why {@link Membership} counts only what a node sends itself.
 *
 * <p><b>Threads.</b> Safe.
 *
 * @param <N> names of nodes, with {@code equals}
 * @see <a href="https://github.com/scylladb/scylladb/issues/8488">heartbeats that are relayed</a>
 */
public interface FailureDetector<N> {

  /** The most nodes that are watched at once; all know all, so a group is no larger. */
  int NODES_MAX = 1000;

  /**
   * Begins to watch a node; its silence counts from now. Nothing happens if it is watched already.
   *
   * @throws IllegalStateException if {@value #NODES_MAX} are
   */
  void watch(N node);

  /** Forgets a node, and the number of its last heartbeat. */
  void forget(N node);

  /**
   * Takes a heartbeat into account.
   *
   * @return {@code false} if it counts for nothing: the node is not watched, or has sent a later
   *     one
   */
  boolean heartbeat(N node, Heartbeat number);

  /**
   * Lets the detector see whether this process itself stood still. Called once a round, at the
   * rhythm that its {@link PauseMonitor} was told.
   */
  void tick();

  /** Returns what a node's silence means now. */
  Suspicion suspicion(N node);
}
