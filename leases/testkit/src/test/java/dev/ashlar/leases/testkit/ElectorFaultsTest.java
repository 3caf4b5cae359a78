package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Background;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.elect.Elector;
import dev.ashlar.leases.elect.ElectorOptions;
import dev.ashlar.leases.elect.EndCause;
import dev.ashlar.leases.elect.Term;
import dev.ashlar.leases.elect.TermListener;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What an elector does over a store that is slow, or breaks its contract. */
class ElectorFaultsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(5);

  private final ManualTime time = ManualTime.create();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private Elector elector(LeaseStore store) {
    Leases leases =
        Leases.of(
            store,
            LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
            IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
            time,
            Observer.none());
    ElectorOptions options = ElectorOptions.of(Seeds.random(Seeds.next())).withDrainMax(DRAIN);
    return Elector.of(leases, new LeaseName("office"), options, time, Observer.none());
  }

  /** A driver whose class cannot be loaded throws such a thing. */
  @Test
  void anErrorOfTheStoreIsNoMoreThanAMissingAnswer() throws Exception {
    AtomicBoolean isMissing = new AtomicBoolean(true);
    Elector elector =
        elector(
            new ForwardingStore(MemoryLeaseStore.of(time)) {
              @Override
              public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
                  throws InterruptedException {
                if (isMissing.getAndSet(false)) {
                  throw new LinkageError("driver: missing (expected: there)");
                }
                return super.grant(contender, term, deadline);
              }
            });
    elector.start();

    Eventually.holds(
        "elected",
        PATIENCE,
        () -> {
          time.advance(Duration.ofMillis(100));
          return elector.currentTerm().isPresent();
        });
    elector.close();
  }

  /** What is closed next is the store, which should have been told by then. */
  @Test
  void closingWaitsForTheStoreThoughListenersHaveTakenTheirTime() throws Exception {
    CountDownLatch quiet = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    Elector elector = elector(new ReleasedWith(answered));
    elector.listen(endsWith(quiet));
    elector.start();
    awaitHeard("elected");
    Background<Boolean> closing = closing(elector);
    awaitHeard("ending");
    time.awaitWaiters(2, PATIENCE);
    time.advance(DRAIN.minusSeconds(1));
    quiet.countDown();
    awaitHeard("asked");
    time.advance(Duration.ofSeconds(1));
    LeaseFixture.linger();
    answered.countDown();

    Eventually.holds("closed", PATIENCE, closing::isDone);
    assertThat(heard).containsExactly("elected", "ending", "asked", "given back", "closed");
  }

  @Test
  void closingWaitsForTheReturnOfALeaseThatCameTooLate() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    Elector elector =
        elector(
            new ReleasedWith(answered) {
              @Override
              public Answer<Grant> grant(Contender contender, Duration term, Deadline deadline)
                  throws InterruptedException {
                Answer<Grant> answer = super.grant(contender, term, deadline);
                heard.add("granted");
                ElectionFixture.untilInterrupted(heard);
                return answer;
              }
            });
    elector.start();
    awaitHeard("granted");
    Background<Boolean> closing = closing(elector);
    awaitHeard("asked");
    LeaseFixture.linger();
    answered.countDown();

    Eventually.holds("closed", PATIENCE, closing::isDone);
    assertThat(heard).containsExactly("granted", "interrupted", "asked", "given back", "closed");
  }

  private Background<Boolean> closing(Elector elector) {
    return Background.start(
        "close",
        () -> {
          elector.close();
          return heard.add("closed");
        });
  }

  /** A store that takes its time to take a lease back. */
  private class ReleasedWith extends ForwardingStore {
    private final CountDownLatch latch;

    ReleasedWith(CountDownLatch latch) {
      super(MemoryLeaseStore.of(time));
      this.latch = latch;
    }

    @Override
    public Answer<Contender> release(Contender contender, Deadline deadline)
        throws InterruptedException {
      heard.add("asked");
      latch.await();
      Answer<Contender> answer = super.release(contender, deadline);
      heard.add("given back");
      return answer;
    }
  }

  private TermListener endsWith(CountDownLatch latch) {
    return new TermListener() {
      @Override
      public void elected(Term term) {
        heard.add("elected");
      }

      @Override
      public void ended(Term term, EndCause cause) throws InterruptedException {
        heard.add("ending");
        latch.await();
      }
    };
  }

  private void awaitHeard(String what) throws Exception {
    Eventually.holds(what + " in " + heard, PATIENCE, () -> heard.contains(what));
  }
}
