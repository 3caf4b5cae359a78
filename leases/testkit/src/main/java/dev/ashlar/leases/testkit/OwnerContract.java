package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.own.OwnerOptions;
import dev.ashlar.leases.own.OwnershipListener;
import dev.ashlar.leases.own.PartitionOwner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What owners of partitions do over a lease store, as tests: the properties LEASE-82 to LEASE-84.
 *
 * <p><b>Guarantees.</b> As {@link LeaseStoreContract}, on the same fixture.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public abstract class OwnerContract extends LeaseFixture {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration SETTLING = Duration.ofMillis(20);

  private static final IdSource NONCES =
      IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final List<String> journal = new CopyOnWriteArrayList<>();

  /** For subclasses. */
  protected OwnerContract() {}

  /** One of those who own: its line to the store, and its owner. */
  record Node(String name, FaultyStore line, PartitionOwner owner) {

    Set<String> owned() {
      return owner.owned().keySet();
    }
  }

  /** Returns a listener as an owner calls it; overridden by twins only. */
  OwnershipListener heard(OwnershipListener listener, FaultyStore line) {
    return listener;
  }

  /** Returns a store as an owner sees it; overridden by twins only. */
  LeaseStore asked(LeaseStore store) {
    return store;
  }

  /** Writes down what happens. */
  class Scribe implements OwnershipListener {
    private final String node;

    Scribe(String node) {
      this.node = node;
    }

    @Override
    public void owned(String partition, Lease lease) throws Exception {
      note(partition + " " + node + " owned");
    }

    @Override
    public void ending(String partition, Lease lease) throws Exception {
      note(partition + " " + node + " ending, held: " + lease.stillHeld());
      note(partition + " " + node + " ended");
    }

    @Override
    public void lost(String partition, Lease lease) {
      note(partition + " " + node + " lost");
    }
  }

  final void note(String line) {
    journal.add(line);
  }

  private List<String> notesOf(String partition) {
    // One that waits in a fair store's queue, and leaves it, gives back what it never had.
    return journal.stream()
        .filter(line -> line.startsWith(partition + " ") && !line.endsWith("other given back"))
        .toList();
  }

  private Node node(String name, String group, OwnershipListener listener) throws Exception {
    FaultyStore line = faulty();
    LeaseStore noting =
        new ForwardingStore(asked(line)) {
          @Override
          public Answer<Contender> release(Contender contender, Deadline deadline)
              throws InterruptedException {
            String partition = contender.lease().value().substring(group.length() + 1);
            note(partition + " " + name + " given back");
            return super.release(contender, deadline);
          }
        };
    Leases leases = Leases.of(noting, options(term()), NONCES, time(), Observer.none());
    opened.add(leases);
    OwnerOptions options =
        OwnerOptions.of(Seeds.random(Seeds.next()))
            .withThreads(2)
            .withPollEvery(POLL)
            .withDrainMax(DRAIN)
            .withCloseMax(DRAIN.multipliedBy(2));
    PartitionOwner owner = PartitionOwner.of(leases, group, options, time(), Observer.none());
    opened.add(owner);
    owner.start(heard(listener, line));
    return new Node(name, line, owner);
  }

  private static String freshGroup() {
    return freshName().value();
  }

  private Node node(String name, String group) throws Exception {
    return node(name, group, new Scribe(name));
  }

  private static Set<String> partitions(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.toSet());
  }

  private Node owning(Node node, Set<String> partitions) throws Exception {
    node.owner().assign(partitions);
    promptly("all of " + partitions + " at " + node.name(), () -> node.owned().equals(partitions));
    return node;
  }

  /** What is owned at two looks, with one lease, was owned at each moment between them. */
  private static void assertNoTwoOwners(List<Node> nodes) {
    Map<String, Long> first = tokensOwned(nodes);
    Map<String, String> owners = new HashMap<>();
    for (String owned : tokensOwned(nodes).keySet()) {
      if (first.containsKey(owned)) {
        String partition = owned.substring(0, owned.indexOf(' '));
        assertThat(owners.put(partition, owned)).as("another owner of %s", owned).isNull();
      }
    }
  }

  private static Map<String, Long> tokensOwned(List<Node> nodes) {
    Map<String, Long> tokens = new HashMap<>();
    for (Node node : nodes) {
      node.owner()
          .owned()
          .forEach(
              (partition, lease) ->
                  tokens.put(partition + " " + lease.token().value(), lease.token().value()));
    }
    return tokens;
  }

  /** Lets time pass, and threads do what is due, until the nodes own what they should. */
  private boolean ownWithin(Duration span, Map<Node, Set<String>> expected, List<Node> all)
      throws Exception {
    long start = time().nanos();
    while (!own(expected) && elapsedSince(start).compareTo(span) < 0) {
      assertNoTwoOwners(all);
      TimeSource.system().sleep(SETTLING);
      pass(step());
    }
    assertNoTwoOwners(all);
    TimeSource.system().sleep(SETTLING);
    return own(expected);
  }

  private static boolean own(Map<Node, Set<String>> expected) {
    return expected.entrySet().stream()
        .allMatch(entry -> entry.getKey().owned().equals(entry.getValue()));
  }

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

    Duration soon = term().multipliedBy(2).plus(POLL.multipliedBy(2));
    boolean moved = ownWithin(soon, Map.of(one, ofOne, two, ofTwo), List.of(one, two, dead));
    assertThat(moved).as("moved within %s", soon).isTrue();
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

  private long count(String what) {
    return journal.stream().filter(line -> line.endsWith(what)).count();
  }

  private OwnershipListener hangingOver(Set<String> partitions, CountDownLatch letGo) {
    return new Scribe("one") {
      @Override
      public void owned(String partition, Lease lease) throws Exception {
        super.owned(partition, lease);
        if (partitions.contains(partition)) {
          awaitStubbornly(letGo);
        }
      }
    };
  }

  /** As a library does that takes no interruption for an answer. */
  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }
}
