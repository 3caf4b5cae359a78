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
 * @param entries the version of the queue's node, which each entry counts up; empty if there is no
 *     queue
 * @param mark the fence node, if the lease has one, read no earlier than the queue
 */
record View(List<Place> queue, Optional<Integer> entries, Optional<Mark> mark) {

  /** Returns what is seen of a lease in whose queue nobody stands. */
  static View empty(int entries, Mark mark) {
    return new View(List.of(), Optional.of(entries), Optional.of(mark));
  }

  /** Returns whether both nodes are there. */
  boolean isPrepared() {
    return entries.isPresent() && mark.isPresent();
  }

  /**
   * Returns the place that has the lease, or is the next to have it. A place to which the lease was
   * granted was first then, so whatever the queue, read before, shows ahead of it is gone.
   */
  Optional<Place> head() {
    return marked().or(() -> queue.stream().findFirst());
  }

  private Optional<Place> marked() {
    return mark.flatMap(one -> queue.stream().filter(one::isOf).findFirst());
  }

  Optional<Place> placeOf(Contender contender) {
    return queue.stream().filter(place -> place.nonce().equals(contender.nonce())).findFirst();
  }

  /** Returns the last place that came before. */
  Optional<Place> ahead(Place place) {
    int at = queue.indexOf(place);
    return at > 0 ? Optional.of(queue.get(at - 1)) : Optional.empty();
  }

  /** Returns the first place that came after. */
  Optional<Place> behind(Place place) {
    int at = queue.indexOf(place);
    return at >= 0 && at + 1 < queue.size() ? Optional.of(queue.get(at + 1)) : Optional.empty();
  }

  /** Returns whose the lease is, once the fence node says so. */
  Optional<Fence> held() {
    return marked().isPresent() ? mark.flatMap(Mark::fence) : Optional.empty();
  }

  /** Returns whether the contender is the last to whom the lease was granted. */
  boolean wasGrantedTo(Contender contender) {
    return mark.filter(one -> one.isOf(contender)).isPresent();
  }
}
