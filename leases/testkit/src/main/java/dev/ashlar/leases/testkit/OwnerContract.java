package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.own.Assignment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * What owners of partitions do over a lease store, as tests: the properties LEASE-82 to LEASE-84
 * and LEASE-104.
 *
 * <p><b>Guarantees.</b> As {@link LeaseStoreContract}, on the same fixture.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 *
 * <p><b>Limits.</b> An engine with a real clock and a term of two seconds needs about twenty.
 */
public abstract class OwnerContract extends OwnerFixture {

  /** For subclasses. */
  protected OwnerContract() {}

  @Test
  @Proves("LEASE-82")
  void partitionsAreHandedOverInOrder() throws Exception {
    String group = freshGroup();
    Node one = owning(node("one", group), partitions(0, 6));
    Node other = node("other", group);
    other.owner().assign(partitions(3, 6));
    one.owner().assign(partitions(0, 3));
    assertThat(one.owned()).isEqualTo(partitions(0, 3));

    Map<Node, Set<String>> moved = Map.of(one, partitions(0, 3), other, partitions(3, 6));
    assertThat(ownWithin(term(), moved, List.of(one, other))).as("moved").isTrue();
    for (String partition : partitions(3, 6)) {
      assertThat(notesOf(partition))
          .containsExactly(
              partition + " one owned",
              partition + " one ending, held: true",
              partition + " one ended",
              partition + " one given back",
              partition + " other owned");
    }
  }

  @Test
  @Proves("LEASE-82")
  void aHandOverThatTakesTooLongLeavesTheLeaseToItsTerm() throws Exception {
    String group = freshGroup();
    CountDownLatch letGo = new CountDownLatch(1);
    Node one =
        node(
            "one",
            group,
            new Scribe("one") {
              @Override
              public void ending(String partition, Lease lease) throws Exception {
                super.ending(partition, lease);
                awaitStubbornly(letGo);
              }
            });
    owning(one, Set.of("0"));
    Lease lease = one.owner().owned("0").orElseThrow();

    one.owner().assign(Set.of());
    promptly("ending", () -> notesOf("0").contains("0 one ended"));
    assertThat(one.owned()).isEmpty();
    passAtLeast(DRAIN);
    promptly("letting go", () -> !lease.stillHeld());
    letGo.countDown();
    linger();

    assertThat(notesOf("0"))
        .containsExactly("0 one owned", "0 one ending, held: true", "0 one ended");
  }

  @Test
  @Proves("LEASE-82")
  void whatIsLostIsToldOnceAndTakenAgain() throws Exception {
    Node one = owning(node("one", freshGroup()), Set.of("0"));
    Lease lease = one.owner().owned("0").orElseThrow();
    one.line().set(FaultyStore.Mode.CUT);
    while (lease.stillHeld()) {
      pass(lease.remaining());
    }

    assertThat(one.owned()).isEmpty();
    promptly("loss", () -> notesOf("0").contains("0 one lost"));
    one.line().set(FaultyStore.Mode.WORKING);
    eventually("taken again", () -> one.owned().contains("0"));
    List<String> told = notesOf("0").stream().filter(line -> !line.endsWith("given back")).toList();
    assertThat(told).startsWith("0 one owned", "0 one lost", "0 one owned");
  }

  @Test
  @Proves("LEASE-83")
  void thePartitionsOfADeadNodeMove() throws Exception {
    String group = freshGroup();
    Node one = owning(node("one", group), partitions(0, 3));
    Node two = owning(node("two", group), partitions(3, 6));
    Node dead = owning(node("dead", group), Set.of("6", "7"));
    dead.line().set(FaultyStore.Mode.CUT);
    Set<String> ofOne = Set.of("0", "1", "2", "6");
    Set<String> ofTwo = Set.of("3", "4", "5", "7");
    one.owner().assign(ofOne);
    two.owner().assign(ofTwo);

    Duration soon = soonOwned();
    boolean moved = ownWithin(soon, Map.of(one, ofOne, two, ofTwo), List.of(one, two, dead));
    assertThat(moved).as("moved within %s", soon).isTrue();
    dead.line().set(FaultyStore.Mode.WORKING);
  }

  @Test
  @Proves("LEASE-84")
  void aListenerThatHangsHoldsUpNoOtherPartition() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Node one = node("one", freshGroup(), hangingOver(Set.of("7"), letGo));
    one.owner().assign(partitions(0, 20));
    promptly("the others", () -> one.owned().size() == 19);

    one.owner().assign(Set.of("7"));
    promptly("the others' ends", () -> count("given back") == 19);
    assertThat(notesOf("7")).containsExactly("7 one owned");

    letGo.countDown();
    promptly("the one", () -> one.owned().equals(Set.of("7")));
  }

  @Test
  @Proves("LEASE-84")
  void moreListenersThatHangThanThereAreThreadsHoldUpNoOtherForLong() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Node one = node("one", freshGroup(), hangingOver(partitions(0, 6), letGo));
    one.owner().assign(partitions(0, 20));

    boolean others =
        ownWithin(Duration.ofSeconds(10), Map.of(one, partitions(6, 20)), List.of(one));
    letGo.countDown();
    assertThat(others).as("the others").isTrue();
  }

  @Test
  @Proves("LEASE-104")
  void nodesThatDisagreeNeverOwnOnePartitionAtOnce() throws Exception {
    String group = freshGroup();
    Assignment two = assignment("one", "two");
    Assignment three = assignment("one", "two", "three");
    Node one = owning(node("one", group), two.partitionsOf("one"));
    Node other = owning(node("two", group), two.partitionsOf("two"));
    Node third = node("three", group);
    List<Node> all = List.of(one, other, third);

    // The third has joined, and nobody else knows of it.
    assign(three, third);
    assertThat(ownWithin(POLL.multipliedBy(5), owned(three, third), all)).isFalse();
    // One hears of it, and gives what is the third's.
    Set<String> given = moved(two, one, three, third);
    assign(three, one);
    assertThat(ownWithin(soonOwned(), Map.of(third, given), all)).as("given").isTrue();
    // While the other gives too, both hear that the third is gone, and it does not.
    assign(three, other);
    for (String partition : moved(two, other, three, third)) {
      promptly("giving", () -> notesOf(partition).contains(partition + " two ended"));
    }
    assign(two, one, other);
    assertThat(ownWithin(POLL.multipliedBy(5), owned(two, one, other), all)).isFalse();
    assign(two, third);

    assertThat(ownWithin(soonOwned(), owned(two, one, other, third), all)).as("agreed").isTrue();
    for (Node node : List.of(one, other)) {
      assertThat(node.owned())
          .hasSizeLessThanOrEqualTo(two.capacities().getOrDefault(node.name(), 0));
    }
  }

  @Test
  @Proves("LEASE-104")
  void aFormerOwnerThatBelievesStillIsTurnedAwayAndTold() throws Exception {
    String group = freshGroup();
    Claimed claimed = new Claimed();
    SlowTime slow = new SlowTime(time(), 8);
    Node former = owning(node("former", group, claimed.listener("former"), slow), Set.of("0"));
    former.line().set(FaultyStore.Mode.CUT);
    Node next = node("next", group, claimed.listener("next"));
    next.owner().assign(Set.of("0"));
    eventually("the next owner", () -> next.owned().contains("0"));

    assertThat(former.owned()).containsExactly("0");
    assertThat(claimed.write("former")).isInstanceOf(Fenced.Rejected.class);
    assertThat(former.owned()).isEmpty();
    promptly("the loss", () -> notesOf("0").contains("0 former lost"));
    assertThat(claimed.write("next")).isInstanceOf(Fenced.Accepted.class);
    former.line().set(FaultyStore.Mode.WORKING);
  }
}
