package dev.ashlar.leases.zookeeper;

import java.util.Optional;

/**
 * A grant that this process has seen proven.
 *
 * @param place which has the lease
 * @param mark the grant, as the fence node says it
 * @param entries the version of the queue's node right after the place was taken, if nobody stood
 *     ahead of it then
 * @param next the place behind, if one was seen
 * @param provenNanos before the sending of the request that proved it
 */
record Hold(
    Place place, Mark mark, Optional<Integer> entries, Optional<Place> next, long provenNanos) {

  /** Returns a grant that came with the place. */
  static Hold first(Line.Entry entry, Mark mark, long provenNanos) {
    return new Hold(
        entry.place(), mark, Optional.of(entry.entries()), Optional.empty(), provenNanos);
  }

  /** Returns a grant as it was seen. */
  static Hold seen(Place place, Mark mark, View view, long provenNanos) {
    return new Hold(place, mark, Optional.empty(), view.behind(place), provenNanos);
  }

  /** Returns a grant that the one before has written. */
  static Hold handed(Place place, Mark mark, long provenNanos) {
    return new Hold(place, mark, Optional.empty(), Optional.empty(), provenNanos);
  }

  /** Returns what is left in the queue's place if nobody has come since, once this one is gone. */
  Optional<View> nobodyAfter() {
    return entries.map(version -> View.empty(version, mark));
  }
}
