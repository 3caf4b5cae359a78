package dev.ashlar.leases.own;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.detect.Member;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the owner does beside its contract. */
class PartitionOwnerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.create();
  private final CountingObserver observer = new CountingObserver();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Leases leases =
      Leases.of(
          MemoryLeaseStore.of(time),
          LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
          IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
          time,
          observer);
  private final OwnerOptions options = OwnerOptions.of(Seeds.random(Seeds.next()));

  @AfterEach
  void closeLeases() {
    leases.close();
  }

  private PartitionOwner owner() {
    return PartitionOwner.of(leases, "orders", options, time, observer);
  }

  private class Scribe implements OwnershipListener {
    @Override
    public void owned(String partition, Lease lease) throws Exception {
      heard.add("owned " + partition);
    }

    @Override
    public void ending(String partition, Lease lease) throws Exception {
      heard.add("ending " + partition);
    }

    @Override
    public void lost(String partition, Lease lease) {
      heard.add("lost " + partition + " " + lease.state());
    }
  }

  @Test
  void whatIsAssignedIsOwnedUntilTheEnd() throws Exception {
    OwnershipListener listener = new Scribe();
    PartitionAssigner assigner = BoundedRendezvous.standard();
    Set<String> partitions = Set.of("0", "1", "2");
    List<Member> members = List.of(Member.of("host-1"));
    // [doc:PartitionOwner]
    try (PartitionOwner owner = PartitionOwner.of(leases, "orders", options, time, observer)) {
      owner.start(listener);
      owner.assign(assigner.assign(partitions, members).partitionsOf("host-1"));
      serve(partition -> owner.owned(partition).isPresent());
    }
    // [/doc]
    assertThat(heard)
        .containsExactlyInAnyOrder(
            "owned 0", "owned 1", "owned 2", "ending 0", "ending 1", "ending 2");
    observer.awaitCount("owner.left", 3, PATIENCE);
  }

  private static void serve(Predicate<String> owned) throws Exception {
    for (String partition : Set.of("0", "1", "2")) {
      Eventually.holds("owned", PATIENCE, () -> owned.test(partition));
    }
  }

  @Test
  void aThousandPartitionsNeedAFewThreads() throws Exception {
    Set<String> all =
        IntStream.range(0, PartitionOwner.PARTITIONS_MAX)
            .mapToObj(Integer::toString)
            .collect(Collectors.toSet());
    PartitionOwner owner = owner();
    owner.start(new Scribe());
    owner.assign(all);
    Eventually.holds("owned", PATIENCE, () -> owner.owned().keySet().equals(all));

    long crew =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("ashlar-owner-crew-orders"))
            .count();
    assertThat(crew).isLessThanOrEqualTo(2L * (options.threads() + Crew.STRAYS_MAX));
    assertThatThrownBy(() -> owner.assign(with(all, "one-more")))
        .hasMessage("partitions: 1001 (expected: up to 1000)");
    owner.close();
    assertThat(owner.owned()).isEmpty();
    assertThat(heard).hasSize(2 * all.size());
  }

  private static Set<String> with(Set<String> some, String more) {
    return IntStream.range(0, some.size() + 1)
        .mapToObj(i -> i == some.size() ? more : Integer.toString(i))
        .collect(Collectors.toSet());
  }

  @Test
  void whatCannotBeBegunIsGivenBackAndTriedAgain() throws Exception {
    AtomicBoolean failing = new AtomicBoolean(true);
    PartitionOwner owner = owner();
    owner.start(
        new Scribe() {
          @Override
          public void owned(String partition, Lease lease) throws Exception {
            super.owned(partition, lease);
            if (failing.getAndSet(false)) {
              throw new IllegalStateException("claim: refused (expected: to be tried again)");
            }
          }
        });
    owner.assign(Set.of("0"));
    Eventually.holds("ended", PATIENCE, () -> heard.contains("ending 0"));
    assertThat(owner.owned()).isEmpty();
    time.awaitWaiters(1, PATIENCE);
    Eventually.holds(
        "owned",
        PATIENCE,
        () -> {
          time.advance(Duration.ofMillis(100));
          return owner.owned().containsKey("0");
        });
    owner.close();
    assertThat(heard).containsExactly("owned 0", "ending 0", "owned 0", "ending 0");
  }

  @Test
  void aBeginningThatHangsIsLostWhenItsTimeIsOver() throws Exception {
    PartitionOwner owner = owner();
    owner.start(
        new Scribe() {
          @Override
          public void owned(String partition, Lease lease) throws Exception {
            super.owned(partition, lease);
            new CountDownLatch(1).await();
          }
        });
    owner.assign(Set.of("0"));
    Eventually.holds("begun", PATIENCE, () -> heard.contains("owned 0"));
    owner.assign(Set.of());
    time.advance(options.drainMax());

    Eventually.holds("told", PATIENCE, () -> heard.size() == 2);
    assertThat(heard).containsExactly("owned 0", "lost 0 RELEASED");
    owner.close();
  }

  @Test
  void aListenerMayClose() throws Exception {
    PartitionOwner owner = owner();
    owner.start(
        new Scribe() {
          @Override
          public void owned(String partition, Lease lease) throws Exception {
            super.owned(partition, lease);
            owner.close();
          }
        });
    owner.assign(Set.of("0"));

    // The clock stands, so whoever waits for a deadline waits for ever.
    Eventually.holds("ended", PATIENCE, () -> heard.contains("ending 0"));
    owner.close();
    assertThat(heard).containsExactly("owned 0", "ending 0");
  }

  @Test
  void namesAreChecked() {
    assertThatThrownBy(() -> PartitionOwner.of(leases, "a.b", options, time, observer))
        .hasMessage("group: a.b (expected: no dot)");
    PartitionOwner owner = owner();
    assertThatThrownBy(() -> owner.assign(Set.of("a/b")))
        .isInstanceOf(IllegalArgumentException.class);
    owner.close();
    assertThatThrownBy(() -> owner.assign(Set.of("0")))
        .hasMessage("owner: closed (expected: open)");
    assertThatThrownBy(() -> options.withThreads(0)).hasMessage("threads: 0 (expected: 1 to 256)");
  }
}
