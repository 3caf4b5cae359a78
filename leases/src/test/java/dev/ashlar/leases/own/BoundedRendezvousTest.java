package dev.ashlar.leases.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.detect.Members;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class BoundedRendezvousTest {

  private static Set<String> partitions(int count) {
    Set<String> partitions = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      partitions.add("p-" + i);
    }
    return partitions;
  }

  private static List<Member> members(int count) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(Member.of("m-" + i));
    }
    return members;
  }

  private static Map<String, Integer> loads(Assignment assignment) {
    Map<String, Integer> loads = new TreeMap<>();
    assignment.memberOf().values().forEach(id -> loads.merge(id, 1, Integer::sum));
    return loads;
  }

  private static long moved(Assignment before, Assignment after, String exceptOf) {
    return before.memberOf().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(exceptOf))
        .filter(entry -> !after.member(entry.getKey()).orElseThrow().equals(entry.getValue()))
        .count();
  }

  @Test
  void aMemberLooksUpItsPartitions() {
    Set<String> partitions = partitions(12);
    Members view = new Members(1, List.of(Member.of("a"), Member.of("b"), Member.of("c")));
    // [doc:BoundedRendezvous]
    PartitionAssigner assigner = BoundedRendezvous.standard();
    Assignment assignment = assigner.assign(partitions, view.up());
    SortedSet<String> mine = assignment.partitionsOf("a");
    // [/doc]
    assertThat(mine).isNotEmpty().hasSizeLessThanOrEqualTo(5);
    assertThat(assignment.capacities()).containsEntry("a", 5);
    assertThat(assignment.partitionsOf("z")).isEmpty();
    assertThat(assignment.member("p-99")).isEmpty();
  }

  @Test
  void anEvenSplitIsEven() {
    Assignment assignment = BoundedRendezvous.withBound(100).assign(partitions(100), members(10));
    assertThat(loads(assignment).values()).hasSize(10).containsOnly(10);
  }

  /** Six times the weight is six times the load, give or take what chance does. */
  @Test
  void weightsAreShares() {
    List<Member> members = new ArrayList<>(members(10));
    members.add(new Member("heavy", 6, ""));
    Map<String, Integer> loads =
        loads(BoundedRendezvous.withBound(1_000_000).assign(partitions(16_000), members));
    assertThat(loads.get("heavy")).isBetween(5700, 6300);
    for (Member light : members(10)) {
      assertThat(loads.get(light.id())).isBetween(850, 1150);
    }
  }

  @Test
  void withoutABoundNothingElseMoves() throws Exception {
    Seeds.check(
        20,
        (seed, random) -> {
          BoundedRendezvous unbounded = BoundedRendezvous.withBound(1_000_000);
          List<Member> members = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            members.add(new Member("m-" + i, 1 + random.nextInt(3), ""));
          }
          Member gone = members.get(random.nextInt(20));
          Assignment before = unbounded.assign(partitions(500), members);
          members.remove(gone);
          Assignment after = unbounded.assign(partitions(500), members);
          assertThat(moved(before, after, gone.id())).isZero();
        });
  }

  /** What the table in DESIGN.md says; others per partition that had to move. */
  @Test
  void whatABoundCosts() {
    for (int bound : new int[] {100, 105, 110, 125, 150, 200}) {
      StringBuilder line = new StringBuilder();
      for (int perMember : new int[] {5, 20, 100}) {
        long own = 0;
        long others = 0;
        BoundedRendezvous assigner = BoundedRendezvous.withBound(bound);
        for (int group = 0; group < 30; group++) {
          List<Member> members = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            members.add(Member.of("g" + group + "-" + i));
          }
          Assignment before = assigner.assign(partitions(20 * perMember), members);
          Member gone = members.remove(group % 20);
          Assignment after = assigner.assign(partitions(20 * perMember), members);
          own += before.partitionsOf(gone.id()).size();
          others += moved(before, after, gone.id());
        }
        line.append(String.format(" %.2f", (double) others / own));
        if (bound >= 125) {
          assertThat(others).isLessThan(own);
        }
      }
      System.out.println("moved of others, bound " + bound + ", 5, 20, 100 each:" + line);
    }
  }

  @Test
  void tenThousandOnAHundredTakeATenthOfASecond() {
    Set<String> partitions = partitions(10_000);
    List<Member> members = members(100);
    List<Member> unequal = new ArrayList<>(members);
    unequal.set(0, new Member("m-0", 2, ""));
    for (int round = 0; round < 3; round++) {
      System.out.printf(
          "%.0f ms for 10,000 on 100, %.0f ms with weights%n",
          millis(partitions, members, 125), millis(partitions, unequal, 125));
    }
    System.out.printf(
        "%.0f ms for 10,000 on 100 evenly, %.0f ms for 100,000 on 1000%n",
        millis(partitions, members, 100), millis(partitions(100_000), members(1000), 125));
    // Slow enough to hold on a machine that does much else.
    assertThat(millis(partitions, members, 125)).isLessThan(2000);
  }

  private static double millis(Set<String> partitions, List<Member> members, int bound) {
    long began = TimeSource.system().nanos();
    Assignment assignment = BoundedRendezvous.withBound(bound).assign(partitions, members);
    double millis = (TimeSource.system().nanos() - began) / 1e6;
    assertThat(assignment.memberOf()).hasSameSizeAs(partitions);
    return millis;
  }

  @Test
  void inputHasBounds() {
    BoundedRendezvous assigner = BoundedRendezvous.standard();
    assertThat(assigner.assign(Set.of(), members(2)).memberOf()).isEmpty();
    assertThatThrownBy(() -> assigner.assign(partitions(1), List.of()))
        .hasMessage("members: 0 (expected: 1 to 1000)");
    assertThatThrownBy(() -> assigner.assign(partitions(1), members(1001)))
        .hasMessage("members: 1001 (expected: 1 to 1000)");
    assertThatThrownBy(
            () -> assigner.assign(Set.of(), List.of(Member.of("a"), new Member("a", 2, ""))))
        .hasMessage("members: a twice (expected: once)");
    assertThatThrownBy(() -> assigner.assign(Set.of("a/b"), members(1)))
        .hasMessage("partition: 3 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatThrownBy(() -> assigner.assign(partitions(100_001), members(1)))
        .hasMessage("partitions: 100001 (expected: up to 100000)");
    assertThatThrownBy(() -> BoundedRendezvous.withBound(99))
        .hasMessage("percent: 99 (expected: 100 to 1000000)");
  }
}
