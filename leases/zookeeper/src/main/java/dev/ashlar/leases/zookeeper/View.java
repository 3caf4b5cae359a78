package dev.ashlar.leases.zookeeper;

import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import java.util.List;
import java.util.Optional;

/**
 * What a session sees of one lease: who stands in the queue, and to whom it was granted last. It
 * may be old, so whoever acts on it says in the same transaction what it relies on.
 *
 * @param queue first come first
 * @param mark the fence node, if the lease has one
 */
record View(List<Place> queue, Optional<Mark> mark) {

  /** Returns the place that has the lease, or is the next to have it. */
  Optional<Place> head() {
    return queue.stream().findFirst();
  }

  Optional<Place> placeOf(Contender contender) {
    return queue.stream().filter(place -> place.nonce().equals(contender.nonce())).findFirst();
  }

  /** Returns the last place that came before. */
  Optional<Place> ahead(Place place) {
    int at = queue.indexOf(place);
    return at > 0 ? Optional.of(queue.get(at - 1)) : Optional.empty();
  }

  /** Returns whose the lease is: the first in the queue, once the fence node says so. */
  Optional<Fence> held() {
    return head().flatMap(head -> mark.filter(one -> one.isOf(head))).flatMap(Mark::fence);
  }

  /** Returns whether the contender is the last to whom the lease was granted. */
  boolean wasGrantedTo(Contender contender) {
    return mark.filter(one -> one.isOf(contender)).isPresent();
  }
}
