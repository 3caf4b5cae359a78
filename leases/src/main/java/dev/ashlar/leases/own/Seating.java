package dev.ashlar.leases.own;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/*
 * Partitions and members choose each other as in Gale and Shapley's stable matching. Both sides go by one
 * order of all pairs (lower cost, then larger draw, then names), so there is only one stable outcome: the
 * first pair of that order is in each of them, and without it the same holds for the rest. So the outcome
 * does not depend on who is placed first, and can be found without sorting pairs: each partition takes
 * the best member that would take it, and whoever loses a seat for it looks again. A member that has
 * refused a partition once never takes it later, since it only gets more choosy.
 *
 * Capacities together are at least the number of partitions, so nobody is left over: who finds no seat
 * would have found all members full.
 *
 * When a member goes, a partition of another moves for one of two reasons, or the outcome was not stable:
 * a better one has taken its seat, so its member is full now; or it moves to a member that it likes more,
 * which had no seat for it, so that member was full. That is LEASE-63.
 */

/** One run of the assignment. */
final class Seating {

  private final List<String> partitions;
  private final List<Seats> members;
  private final long[] seeds;
  private final long[] memberSeeds;
  private final boolean equalWeights;

  Seating(List<String> partitions, List<Seats> members) {
    this.partitions = partitions;
    this.members = members;
    this.seeds = partitions.stream().mapToLong(Rank::seed).toArray();
    this.memberSeeds =
        members.stream().mapToLong(seats -> Rank.seed(seats.member().id())).toArray();
    this.equalWeights =
        members.stream().mapToInt(seats -> seats.member().weight()).distinct().count() == 1;
  }

  Assignment assignment() {
    for (int partition = 0; partition < seeds.length; partition++) {
      Optional<Integer> homeless = Optional.of(partition);
      while (homeless.isPresent()) {
        homeless = place(homeless.get());
      }
    }
    SortedMap<String, String> memberOf = new TreeMap<>();
    SortedMap<String, Integer> capacities = new TreeMap<>();
    for (Seats seats : members) {
      String id = seats.member().id();
      capacities.put(id, seats.capacity());
      seats.partitions().forEach(partition -> memberOf.put(partitions.get(partition), id));
    }
    return new Assignment(memberOf, capacities);
  }

  private Optional<Integer> place(int partition) {
    int best = -1;
    long bestCost = 0;
    long bestDraw = 0;
    for (int i = 0; i < memberSeeds.length; i++) {
      long draw = Rank.draw(seeds[partition], memberSeeds[i]);
      long cost = equalWeights ? 0 : Rank.cost(draw, members.get(i).member().weight());
      // Members are in the order of ids, so an equal one does not replace the first.
      boolean better = cost < bestCost || (cost == bestCost && isLarger(draw, bestDraw));
      if ((best < 0 || better) && members.get(i).wouldTake(draw, partition)) {
        best = i;
        bestCost = cost;
        bestDraw = draw;
      }
    }
    if (best < 0) {
      throw new IllegalStateException("partition: no seat (expected: room for all)");
    }
    return members.get(best).take(bestDraw, partition);
  }

  private static boolean isLarger(long draw, long other) {
    return Long.compareUnsigned(draw, other) > 0;
  }
}
