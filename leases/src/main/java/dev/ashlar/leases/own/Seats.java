package dev.ashlar.leases.own;

import dev.ashlar.leases.detect.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** The partitions that one member has taken so far; when full, only for better ones. */
final class Seats {

  private static final Comparator<Taken> WORST_FIRST =
      Comparator.<Taken, Long>comparing(Taken::draw, Long::compareUnsigned)
          .thenComparing(Taken::partition, Comparator.reverseOrder());

  private final Member member;
  private final int capacity;
  private final PriorityQueue<Taken> taken = new PriorityQueue<>(WORST_FIRST);

  Seats(Member member, int capacity) {
    this.member = member;
    this.capacity = capacity;
  }

  /**
   * A partition that has a seat.
   *
   * @param partition its number, in the order of names
   */
  private record Taken(long draw, int partition) {}

  Member member() {
    return member;
  }

  int capacity() {
    return capacity;
  }

  boolean wouldTake(long draw, int partition) {
    if (taken.size() < capacity) {
      return true;
    }
    Taken worst = taken.peek();
    return worst != null && isBetter(draw, partition, worst);
  }

  private static boolean isBetter(long draw, int partition, Taken worst) {
    int order = Long.compareUnsigned(draw, worst.draw());
    return order > 0 || (order == 0 && partition < worst.partition());
  }

  /** Takes a partition; returns the one that has to go for it. */
  Optional<Integer> take(long draw, int partition) {
    taken.add(new Taken(draw, partition));
    return taken.size() > capacity
        ? Optional.ofNullable(taken.poll()).map(Taken::partition)
        : Optional.empty();
  }

  List<Integer> partitions() {
    List<Integer> partitions = new ArrayList<>(taken.size());
    taken.forEach(seat -> partitions.add(seat.partition()));
    return partitions;
  }
}
