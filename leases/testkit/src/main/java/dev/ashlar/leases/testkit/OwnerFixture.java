package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.own.Assignment;
import dev.ashlar.leases.own.BoundedRendezvous;
import dev.ashlar.leases.own.OwnerOptions;
import dev.ashlar.leases.own.OwnershipListener;
import dev.ashlar.leases.own.PartitionOwner;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Those who own partitions, and the words in which tests about them are written. */
abstract class OwnerFixture extends LeaseFixture {

  static final Duration POLL = Duration.ofMillis(100);
  static final Duration DRAIN = Duration.ofSeconds(2);
  private static final Duration SETTLING = Duration.ofMillis(20);

  private static final IdSource NONCES =
      IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final List<String> journal = new CopyOnWriteArrayList<>();

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

  final List<String> notesOf(String partition) {
    // One that waits in a fair store's queue, and leaves it, gives back what it never had.
    return journal.stream()
        .filter(line -> line.startsWith(partition + " ") && !line.endsWith("other given back"))
        .toList();
  }

  final Node node(String name, String group, OwnershipListener listener) throws Exception {
    return node(name, group, listener, time());
  }

  final Node node(String name, String group, OwnershipListener listener, TimeSource client)
      throws Exception {
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
    Leases leases = Leases.of(noting, options(term()), NONCES, client, Observer.none());
    opened.add(leases);
    OwnerOptions options =
        OwnerOptions.of(Seeds.random(Seeds.next()))
            .withThreads(2)
            .withPollEvery(POLL)
            .withDrainMax(DRAIN)
            .withCloseMax(DRAIN.multipliedBy(2));
    PartitionOwner owner = PartitionOwner.of(leases, group, options, client, Observer.none());
    opened.add(owner);
    owner.start(heard(listener, line));
    return new Node(name, line, owner);
  }

  static String freshGroup() {
    return freshName().value();
  }

  final Node node(String name, String group) throws Exception {
    return node(name, group, new Scribe(name));
  }

  static Set<String> partitions(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.toSet());
  }

  final Node owning(Node node, Set<String> partitions) throws Exception {
    node.owner().assign(partitions);
    promptly("all of " + partitions + " at " + node.name(), () -> node.owned().equals(partitions));
    return node;
  }

  /** What is owned at two looks, with one lease, was owned at each moment between them. */
  static void assertNoTwoOwners(List<Node> nodes) {
    Set<Owned> first = ownedBy(nodes);
    Map<String, Owned> owners = new HashMap<>();
    for (Owned owned : ownedBy(nodes)) {
      if (first.contains(owned)) {
        assertThat(owners.put(owned.partition(), owned)).as("beside %s", owned).isNull();
      }
    }
  }

  private record Owned(String partition, String node, long token) {}

  private static Set<Owned> ownedBy(List<Node> nodes) {
    Set<Owned> all = new HashSet<>();
    for (Node node : nodes) {
      node.owner()
          .owned()
          .forEach(
              (partition, lease) ->
                  all.add(new Owned(partition, node.name(), lease.token().value())));
    }
    return all;
  }

  /** Lets time pass, and threads do what is due, until the nodes own what they should. */
  final boolean ownWithin(Duration span, Map<Node, Set<String>> expected, List<Node> all)
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

  final long count(String what) {
    return journal.stream().filter(line -> line.endsWith(what)).count();
  }

  final OwnershipListener hangingOver(Set<String> partitions, CountDownLatch letGo) {
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
  static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }

  // Nodes that go by what they know of the group.

  static Assignment assignment(String... members) {
    return BoundedRendezvous.standard()
        .assign(partitions(0, 12), Stream.of(members).map(Member::of).toList());
  }

  static void assign(Assignment assignment, Node... nodes) {
    for (Node node : nodes) {
      node.owner().assign(assignment.partitionsOf(node.name()));
    }
  }

  static Map<Node, Set<String>> owned(Assignment assignment, Node... nodes) {
    return Stream.of(nodes)
        .collect(Collectors.toMap(node -> node, node -> assignment.partitionsOf(node.name())));
  }

  /** Returns what one node should own first, and then another. */
  static Set<String> moved(Assignment before, Node from, Assignment after, Node to) {
    Set<String> moved = new TreeSet<>(before.partitionsOf(from.name()));
    moved.retainAll(after.partitionsOf(to.name()));
    assertThat(moved).as("moved").isNotEmpty();
    return moved;
  }

  /** Returns how long a partition has no owner at most, whoever had it. */
  final Duration soonOwned() {
    return term().multipliedBy(2).plus(POLL.multipliedBy(2));
  }

  /** What each node has claimed of a resource beside the partition. */
  final class Claimed {
    private final MemoryFloor floor = MemoryFloor.of(time());
    private final Guard<MemoryFloor.Transaction> guard = Guard.over(floor, Observer.none());
    private final Map<String, Claim<MemoryFloor.Transaction>> claims = new ConcurrentHashMap<>();

    /** Returns a listener that claims before anything else. */
    OwnershipListener listener(String node) {
      return new Scribe(node) {
        @Override
        public void owned(String partition, Lease lease) throws Exception {
          claims.put(node, guard.claim("data-" + partition, lease, soon()).orThrow());
          super.owned(partition, lease);
        }
      };
    }

    Fenced<Boolean> write(String node) {
      Claim<MemoryFloor.Transaction> claim =
          Optional.ofNullable(claims.get(node)).orElseThrow(() -> new AssertionError("no claim"));
      try (MemoryFloor.Transaction tx = floor.begin()) {
        return claim.write(tx, () -> true);
      }
    }
  }
}
