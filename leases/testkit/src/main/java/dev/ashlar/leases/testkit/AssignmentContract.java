package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.own.Assignment;
import dev.ashlar.leases.own.PartitionAssigner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * What every {@link PartitionAssigner} must do, as tests: the properties LEASE-61 to LEASE-63.
 *
 * <p>Groups are drawn: up to thirty members of equal or different weights, and up to a thousand
 * partitions.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class AssignmentContract extends Contract {

  private static final int GROUPS = 300;

  /** For subclasses. */
  protected AssignmentContract() {}

  /** Returns the assigner. */
  protected abstract PartitionAssigner assigner();

  /** Returns how much of its share a member takes at most, in per cent. */
  protected abstract int boundPercent();

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** A group that was drawn. */
  private record Group(Set<String> partitions, List<Member> members) {

    static Group any(RandomGenerator random) {
      Set<String> partitions = new LinkedHashSet<>();
      for (int i = random.nextInt(1000); i >= 0; i--) {
        partitions.add("p-" + i);
      }
      List<Member> members = new ArrayList<>();
      boolean equal = random.nextBoolean();
      for (int i = random.nextInt(30); i >= 0; i--) {
        int weight = equal ? 1 : 1 + random.nextInt(8);
        members.add(new Member("m-" + random.nextInt(1000) + "-" + i, weight, ""));
      }
      return new Group(partitions, members);
    }

    Group shuffled(RandomGenerator random) {
      List<String> names = new ArrayList<>(partitions);
      Collections.shuffle(names, new Random(random.nextLong()));
      List<Member> others = new ArrayList<>(members);
      Collections.shuffle(others, new Random(random.nextLong()));
      return new Group(new LinkedHashSet<>(names), others);
    }

    Group without(Member gone) {
      return new Group(partitions, members.stream().filter(m -> !m.equals(gone)).toList());
    }

    Assignment by(PartitionAssigner assigner) {
      return assigner.assign(partitions, members);
    }
  }

  @Test
  @Proves("LEASE-61")
  void eachPartitionHasOneMember() throws Exception {
    Seeds.check(
        GROUPS,
        (seed, random) -> {
          Group group = Group.any(random);
          Assignment assignment = group.by(assigner());
          List<String> ids = group.members().stream().map(Member::id).toList();
          assertThat(assignment.memberOf().keySet()).isEqualTo(new TreeSet<>(group.partitions()));
          assertThat(ids).containsAll(assignment.memberOf().values());
        });
  }

  @Test
  @Proves("LEASE-61")
  void theOrderOfTheInputMakesNoDifference() throws Exception {
    Seeds.check(
        GROUPS,
        (seed, random) -> {
          Group group = Group.any(random);
          Assignment once = group.by(assigner());
          assertThat(group.by(assigner())).isEqualTo(once);
          assertThat(group.shuffled(random).by(assigner())).isEqualTo(once);
        });
  }

  @Test
  @Proves("LEASE-62")
  void nobodyHasMoreThanItsShareAllows() throws Exception {
    Seeds.check(
        GROUPS,
        (seed, random) -> {
          Group group = Group.any(random);
          Assignment assignment = group.by(assigner());
          Map<String, Integer> loads = loads(assignment);
          long weights = group.members().stream().mapToLong(Member::weight).sum();
          for (Member member : group.members()) {
            long share = (long) boundPercent() * group.partitions().size() * member.weight();
            long most = (share + 100 * weights - 1) / (100 * weights);
            assertThat((long) loads.getOrDefault(member.id(), 0)).isLessThanOrEqualTo(most);
            assertThat((long) assignment.capacities().getOrDefault(member.id(), 0))
                .isLessThanOrEqualTo(most);
          }
        });
  }

  private static Map<String, Integer> loads(Assignment assignment) {
    Map<String, Integer> loads = new TreeMap<>();
    assignment.memberOf().values().forEach(id -> loads.merge(id, 1, Integer::sum));
    return loads;
  }

  private static Set<String> full(Assignment assignment) {
    Set<String> full = new TreeSet<>();
    loads(assignment)
        .forEach(
            (id, load) -> {
              if (load >= assignment.capacities().getOrDefault(id, 0)) {
                full.add(id);
              }
            });
    return full;
  }

  @Test
  @Proves("LEASE-63")
  void whenAMemberGoesOthersMoveOnlyForTheBound() throws Exception {
    Seeds.check(
        GROUPS,
        (seed, random) -> {
          Group group = Group.any(random);
          if (group.members().size() > 1) {
            Member gone = group.members().get(random.nextInt(group.members().size()));
            assertForced(gone.id(), group.by(assigner()), group.without(gone).by(assigner()));
          }
        });
  }

  private static void assertForced(String gone, Assignment before, Assignment after) {
    Set<String> fullBefore = full(before);
    Set<String> fullAfter = full(after);
    before
        .memberOf()
        .forEach(
            (partition, from) -> {
              String to = after.member(partition).orElseThrow();
              boolean forced = fullAfter.contains(from) || fullBefore.contains(to);
              assertThat(from.equals(gone) || from.equals(to) || forced)
                  .as("%s moved from %s to %s, and %s had gone", partition, from, to, gone)
                  .isTrue();
            });
  }

  /** By the same partitions that moved when it went, since an answer depends on nothing else. */
  @Test
  @Proves("LEASE-63")
  void whatMovesWhenAMemberComesMovesBackWhenItGoes() throws Exception {
    Seeds.check(
        GROUPS / 10,
        (seed, random) -> {
          Group group = Group.any(random);
          Member newcomer = new Member("newcomer", 1 + random.nextInt(3), "");
          List<Member> more = new ArrayList<>(group.members());
          more.add(newcomer);
          Group larger = new Group(group.partitions(), more);
          Assignment before = group.by(assigner());
          assertForced(newcomer.id(), larger.by(assigner()), before);
          assertThat(larger.without(newcomer).by(assigner())).isEqualTo(before);
        });
  }

  /** Of many groups of ten, what others move is less than what the one that has gone had. */
  @Test
  @Proves("LEASE-63")
  void onTheWholeOthersMoveLessThanWhatHadToMove() throws Exception {
    long[] moved = new long[2];
    Seeds.check(
        100,
        (seed, random) -> {
          List<Member> members = new ArrayList<>();
          for (int i = 0; i < 10; i++) {
            members.add(Member.of("m-" + random.nextInt(1000) + "-" + i));
          }
          Group group = new Group(Group.any(random).partitions(), members);
          Member gone = members.get(random.nextInt(10));
          Assignment after = group.without(gone).by(assigner());
          group
              .by(assigner())
              .memberOf()
              .forEach(
                  (partition, from) -> {
                    boolean stays = from.equals(after.member(partition).orElseThrow());
                    moved[from.equals(gone.id()) ? 0 : 1] += stays ? 0 : 1;
                  });
        });
    assertThat(moved[1]).as("of others, where %s had to", moved[0]).isLessThan(moved[0]);
  }
}
