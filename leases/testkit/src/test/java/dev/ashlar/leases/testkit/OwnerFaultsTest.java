package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.own.OwnerOptions;
import dev.ashlar.leases.own.OwnershipListener;
import dev.ashlar.leases.own.PartitionOwner;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What an owner does over a store that breaks its contract. */
class OwnerFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String GROUP = "faults";

  private final ManualTime time = ManualTime.create();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private PartitionOwner owner(LeaseStore store) {
    Leases leases =
        Leases.of(
            store,
            LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
            IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
            time,
            Observer.none());
    OwnerOptions options = OwnerOptions.of(Seeds.random(Seeds.next())).withThreads(1);
    return PartitionOwner.of(leases, GROUP, options, time, Observer.none());
  }

  private final class Scribe implements OwnershipListener {
    @Override
    public void owned(String partition, Lease lease) {
      heard.add("owned " + partition);
    }

    @Override
    public void ending(String partition, Lease lease) {
      heard.add("ending " + partition);
    }

    @Override
    public void lost(String partition, Lease lease) {
      heard.add("lost " + partition);
    }
  }

  /** Throws what a driver throws whose class cannot be loaded, the first time it is asked. */
  private static final class StumblingStore extends ForwardingStore {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();

    StumblingStore(LeaseStore inner) {
      super(inner);
    }

    private static void stumbleFirst(AtomicInteger times) {
      if (times.getAndIncrement() == 0) {
        throw new LinkageError("driver: missing (expected: there)");
      }
    }

    @Override
    public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
        throws InterruptedException {
      stumbleFirst(asked);
      return super.grant(contender, term, deadline);
    }

    @Override
    public Answer<Contender> release(Contender contender, Deadline deadline)
        throws InterruptedException {
      stumbleFirst(released);
      return super.release(contender, deadline);
    }
  }

  @Test
  void anErrorOfTheStoreIsNoMoreThanAMissingAnswer() throws Exception {
    PartitionOwner owner = owner(new StumblingStore(MemoryLeaseStore.of(time)));
    owner.start(new Scribe());
    owner.assign(Set.of("0"));
    Eventually.holds(
        "owned",
        PATIENCE,
        () -> {
          time.advance(Duration.ofMillis(100));
          return owner.owned().containsKey("0");
        });

    owner.close();

    assertThat(heard).containsExactly("owned 0", "ending 0");
    Eventually.holds("no thread that looks", PATIENCE, () -> !isLooking());
  }

  private static boolean isLooking() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("ashlar-owner-" + GROUP));
  }
}
