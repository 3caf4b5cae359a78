package dev.ashlar.leases.zookeeper;

import java.util.Optional;

/**
 * A grant that this process has seen proven.
 *
 * @param place which has the lease
 * @param mark the grant, as the fence node says it
 * @param entries the version of the queue's node right after the place was taken, if nobody stood
 *     ahead of it then
 * @param provenNanos before the sending of the request that proved it
 */
record Hold(Place place, Mark mark, Optional<Integer> entries, long provenNanos) {

  /** Returns what is left in the queue's place if nobody has come since, once this one is gone. */
  Optional<View> nobodyAfter() {
    return entries.map(version -> View.empty(version, mark));
  }
}
