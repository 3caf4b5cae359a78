package dev.ashlar.leases.testkit;

import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.own.Assignment;
import dev.ashlar.leases.own.BoundedRendezvous;
import dev.ashlar.leases.own.PartitionAssigner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Assigners with a mistake. */
final class AssignmentTwins {

  private AssignmentTwins() {}

  private static Assignment even(List<String> partitions, List<Member> members) {
    SortedMap<String, String> memberOf = new TreeMap<>();
    SortedMap<String, Integer> capacities = new TreeMap<>();
    for (int i = 0; i < partitions.size(); i++) {
      memberOf.put(partitions.get(i), members.get(i % members.size()).id());
    }
    int share = (partitions.size() + members.size() - 1) / members.size();
    members.forEach(member -> capacities.put(member.id(), share * 5 / 4));
    return new Assignment(memberOf, capacities);
  }

  /** Deals out in the order in which members come. */
  static class InputOrderTwin extends BoundedRendezvousTest {
    @Override
    protected PartitionAssigner assigner() {
      return (partitions, members) -> even(List.copyOf(partitions), List.copyOf(members));
    }
  }

  /** Deals out in the order of names. */
  static class ModuloTwin extends BoundedRendezvousTest {
    @Override
    protected PartitionAssigner assigner() {
      return (partitions, members) ->
          even(
              partitions.stream().sorted().toList(),
              members.stream().sorted(Comparator.comparing(Member::id)).toList());
    }
  }

  /** Draws anew each time. */
  static class DrawsTwin extends BoundedRendezvousTest {
    private final Random random = new Random(1);

    @Override
    protected PartitionAssigner assigner() {
      return (partitions, members) -> {
        List<Member> shuffled = new ArrayList<>(members);
        Collections.shuffle(shuffled, random);
        return even(partitions.stream().sorted().toList(), shuffled);
      };
    }
  }

  /** Leaves out what does not fit. */
  static class LeavesOutTwin extends BoundedRendezvousTest {
    @Override
    protected PartitionAssigner assigner() {
      return (partitions, members) -> {
        Assignment whole = super.assigner().assign(partitions, members);
        SortedMap<String, String> some = new TreeMap<>(whole.memberOf());
        some.remove(some.lastKey());
        return new Assignment(some, whole.capacities());
      };
    }
  }

  /** Has no bound. */
  static class UnboundedTwin extends BoundedRendezvousTest {
    @Override
    protected PartitionAssigner assigner() {
      return BoundedRendezvous.withBound(1_000_000);
    }
  }
}
