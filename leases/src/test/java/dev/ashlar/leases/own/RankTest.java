package dev.ashlar.leases.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.detect.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The numbers below come from a program in Python that follows the text in Rank. */
class RankTest {

  private static void assertRank(String partition, Member member, String draw, long cost) {
    long drawn = Rank.draw(Rank.seed(partition), Rank.seed(member.id()));
    assertThat(String.format("%016x", drawn)).isEqualTo(draw);
    assertThat(Rank.cost(drawn, member.weight())).isEqualTo(cost);
  }

  @Test
  void drawsAndCostsAreThoseOfAnyLanguage() {
    assertRank("p-0", Member.of("a"), "f0c07f2ec0e7ec5b", 399_002_639_007_744L);
    assertRank("p-0", new Member("a", 3, ""), "f0c07f2ec0e7ec5b", 133_000_879_669_248L);
    assertRank("p-0", Member.of("b"), "bbc3f12a9b5dde6b", 2_014_066_421_792_768L);
    assertRank("p-1", Member.of("a"), "10afcd9e6015469a", 17_741_347_661_283_328L);
    assertRank("orders.17", Member.of("host-1"), "b3d67f8f06b6b521", 2_294_344_624_111_616L);
    assertRank("orders.17", new Member("host-1", 1000, ""), "b3d67f8f06b6b521", 2_294_344_624_111L);
    assertRank("a", new Member("a", 2, ""), "d63f926d909515a8", 578_396_995_715_072L);
  }

  /** There all pairs are sorted and dealt out, which must come to the same. */
  @Test
  void assignmentsAreThoseOfAnyLanguage() {
    Set<String> partitions = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      partitions.add("p-" + i);
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      members.add(new Member("m-" + i, 1 + i % 3, ""));
    }
    Map<String, String> memberOf =
        BoundedRendezvous.withBound(105).assign(partitions, members).memberOf();
    String text =
        memberOf.entrySet().stream().map(Object::toString).collect(Collectors.joining(","));
    long whole = Rank.seed(text);
    assertThat(String.format("%016x", whole)).isEqualTo("52c0a1f032244e2a");

    Set<String> few = Set.of("p-0", "p-1", "p-2", "p-3", "p-4", "p-5");
    assertThat(
            BoundedRendezvous.standard()
                .assign(few, List.of(Member.of("a"), new Member("b", 2, ""), Member.of("c")))
                .memberOf())
        .hasToString("{p-0=a, p-1=c, p-2=c, p-3=a, p-4=b, p-5=b}");
  }

  @Test
  void costsOfOneWeightAreInTheOrderOfDraws() throws Exception {
    Seeds.check(
        10_000,
        (seed, random) -> {
          long one = random.nextLong();
          long other = random.nextBoolean() ? random.nextLong() : one + random.nextLong(1 << 20);
          int weight = 1 + random.nextInt(1000);
          int draws = Long.compareUnsigned(other, one);
          long costs = Rank.cost(one, weight) - Rank.cost(other, weight);
          assertThat(Long.signum(costs) * draws).isNotNegative();
          double exact = -Math.log(((one >>> 11) + 1) / 0x1p53) / Math.log(2) / weight;
          assertThat(Rank.cost(one, weight) / 0x1p52).isBetween(exact - 1e-6, exact + 1e-6);
        });
    assertThat(Rank.cost(-1L, 1)).isZero();
    assertThat(Rank.cost(0, 1)).isEqualTo(53L << 52);
  }
}
