package dev.ashlar.messaging.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Ownership in a group: one owner, growing epochs, even shares, children after parents. */
class MemoryGroupTest {

  private static final long TERM = 100;

  private final List<MemoryPartition> partitions = new ArrayList<>();

  private MemoryGroup group(int count) {
    for (int i = 0; i < count; i++) {
      partitions.add(new MemoryPartition(Integer.toString(i), Set.of(), i, i + 1));
    }
    return new MemoryGroup(StartAt.beginning(), partitions, 0);
  }

  @Test
  void aMemberThatStaysAwayLosesItsShareAfterOneTerm() {
    MemoryGroup group = group(2);
    group.attend(1, TERM, 0);
    group.tick(partitions, 0);
    group.tick(partitions, TERM - 1);
    assertThat(group.ownedBy(1)).hasSize(2);
    group.attend(2, TERM, TERM - 1);
    group.tick(partitions, TERM);

    assertThat(group.ownedBy(1)).isEmpty();
    assertThat(group.ownedBy(2)).containsOnly(Map.entry("0", 2L), Map.entry("1", 2L));
  }

  @Test
  void whatIsAskedBackIsTakenAfterOneTerm() {
    MemoryGroup group = group(2);
    group.attend(1, TERM, 0);
    group.tick(partitions, 0);
    for (long now = 1; now <= TERM + 1; now++) {
      group.attend(1, TERM, now);
      group.attend(2, TERM, now);
      group.tick(partitions, now);
      assertThat(group.ownedBy(2)).hasSize(now <= TERM ? 0 : 1);
    }
  }

  @Test
  void sharesStayEvenAndNothingMovesWithoutNeed() {
    MemoryGroup group = group(7);
    group.attend(1, TERM, 0);
    group.tick(partitions, 0);
    group.attend(2, TERM, 1);
    group.tick(partitions, 1);
    long asked =
        group.ownedBy(1).entrySet().stream()
            .filter(
                each ->
                    group.standing(each.getKey(), each.getValue())
                        == OwnedPartition.Standing.ASKED_BACK)
            .count();

    assertThat(asked).isEqualTo(3);
  }

  @Test
  void aChildWaitsForAllItsParents() {
    MemoryGroup group = group(2);
    MemoryPartition child = new MemoryPartition("2", Set.of("0", "1"), 0, 2);
    partitions.add(child);
    group.attend(1, TERM, 0);
    group.tick(partitions, 0);
    group.finish("0");
    group.tick(partitions, 0);
    assertThat(group.ownedBy(1)).containsOnlyKeys("1");
    group.finish("1");
    group.tick(partitions, 0);

    assertThat(group.ownedBy(1)).containsOnlyKeys("2");
  }

  @Test
  void whateverMembersDoThereIsOneOwnerAndEpochsGrow() {
    for (long seed = 1; seed <= 100; seed++) {
      partitions.clear();
      comeAndGo(new Random(seed), "seed " + seed);
    }
  }

  private void comeAndGo(Random random, String seed) {
    MemoryGroup group = group(5);
    Map<String, Long> latest = new HashMap<>();
    for (long now = 0; now < 400; now += random.nextInt(30)) {
      long member = 1L + random.nextInt(4);
      switch (random.nextInt(4)) {
        case 0 -> group.leave(member);
        case 1 -> group.ownedBy(member).forEach(group::release);
        default -> group.attend(member, TERM, now);
      }
      group.tick(partitions, now);
      Set<String> owned = new HashSet<>();
      for (long each = 1; each <= 4; each++) {
        group
            .ownedBy(each)
            .forEach(
                (partition, epoch) -> {
                  assertThat(owned.add(partition)).as(seed).isTrue();
                  assertThat(epoch)
                      .as(seed)
                      .isGreaterThanOrEqualTo(latest.getOrDefault(partition, 0L));
                  latest.put(partition, epoch);
                });
      }
      assertThat(owned).as(seed).hasSize(group.size() == 0 ? 0 : 5);
    }
  }
}
