package dev.ashlar.leases.elect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the elector does beside its contract. */
class ElectorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final LeaseName NAME = new LeaseName("billing");

  private final ManualTime time = ManualTime.create();
  private final CountingObserver observer = new CountingObserver();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Leases leases =
      Leases.of(
          MemoryLeaseStore.of(time),
          LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
          IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
          time,
          Observer.none());
  private final ElectorOptions options =
      ElectorOptions.of(Seeds.random(Seeds.next()))
          .withLastResort(Duration.ofSeconds(1), () -> heard.add("last resort"));

  @AfterEach
  void closeLeases() {
    leases.close();
  }

  private Elector elector() {
    return Elector.of(leases, NAME, options, time, observer);
  }

  private TermListener scribe() {
    return listener(() -> {}, () -> {});
  }

  private TermListener listener(Runnable onElected, Runnable onEnded) {
    return new TermListener() {
      @Override
      public void elected(Term term) {
        heard.add("elected " + term.number());
        onElected.run();
      }

      @Override
      public void ended(Term term, EndCause cause) {
        heard.add("ended " + term.number() + " " + cause);
        onEnded.run();
      }
    };
  }

  private void awaitHeard(String what) throws Exception {
    Eventually.holds(what + " in " + heard, PATIENCE, () -> heard.contains(what));
  }

  @Test
  void aLeaderIsElectedAndResignsOnClosing() throws Exception {
    TermListener listener = scribe();
    // [doc:Elector]
    try (Elector elector = Elector.of(leases, new LeaseName("billing"), options, time, observer)) {
      elector.listen(listener);
      elector.start();
      serve(() -> elector.currentTerm().isPresent());
    }
    // [/doc]
    assertThat(heard).containsExactly("elected 1", "ended 1 CLOSED");
  }

  private void serve(BooleanSupplier leads) throws Exception {
    Eventually.holds("leads", PATIENCE, leads::getAsBoolean);
    awaitHeard("elected 1");
  }

  @Test
  void aListenerThatComesLaterIsToldOfTheTerm() throws Exception {
    try (Elector elector = elector()) {
      elector.start();
      observer.awaitCount("election.elected", 1, PATIENCE);
      elector.listen(scribe());
      awaitHeard("elected 1");
    }
    assertThat(heard).containsExactly("elected 1", "ended 1 CLOSED");
  }

  @Test
  void aListenerMayResignAndClose() throws Exception {
    Elector elector = elector();
    elector.listen(
        listener(
            () -> elector.resign(Duration.ZERO),
            () -> {
              if (heard.size() >= 4) {
                elector.close();
              }
            }));
    elector.start();

    awaitHeard("ended 2 RESIGNED");
    elector.close();
    assertThat(heard)
        .containsExactly("elected 1", "ended 1 RESIGNED", "elected 2", "ended 2 RESIGNED");
  }

  @Test
  void theLastResortRunsWhenASuccessorMayLead() throws Exception {
    CountDownLatch letGo = new CountDownLatch(1);
    Elector elector = elector();
    elector.listen(listener(() -> {}, () -> awaitStubbornly(letGo)));
    elector.start();
    awaitHeard("elected 1");
    Lease lease = elector.currentTerm().orElseThrow().lease();

    lease.lose(LossCause.FENCED_BY_RESOURCE);
    assertThat(elector.currentTerm()).isEmpty();
    awaitHeard("ended 1 LOST");
    assertThat(heard).doesNotContain("last resort");
    time.advance(Duration.ofSeconds(1));
    awaitHeard("last resort");
    observer.awaitCount("election.overdue", 1, PATIENCE);

    // It does not stand before its listener has returned, and then it does.
    time.pause(Duration.ofSeconds(60));
    assertThat(heard).hasSize(3);
    letGo.countDown();
    awaitHeard("elected 2");
    elector.close();
  }

  private static void awaitStubbornly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whatAListenerThrowsIsCounted() throws Exception {
    try (Elector elector = elector()) {
      elector.listen(
          listener(
              () -> {
                throw new IllegalStateException("listener: thrown (expected: to be counted)");
              },
              () -> {}));
      elector.start();
      observer.awaitCount("election.listener.failed", 1, PATIENCE);
      assertThat(elector.currentTerm()).isPresent();
    }
    assertThat(heard).containsExactly("elected 1", "ended 1 CLOSED");
  }

  @Test
  void aLeaseThatIsHeldByAnotherIsWaitedFor() throws Exception {
    Deadline soon = Deadline.after(Duration.ofSeconds(1), time);
    Lease other = leases.tryAcquire(NAME, soon).lease().orElseThrow();
    Elector elector = elector();
    elector.listen(scribe());
    elector.start();
    time.awaitWaiters(1, PATIENCE);
    assertThat(elector.currentTerm()).isEmpty();
    other.close();
    awaitHeard("elected 2");
    elector.close();
    elector.close();
    assertThat(heard).containsExactly("elected 2", "ended 2 CLOSED");
  }

  @Test
  void listenersAreBounded() {
    Elector elector = elector();
    for (int i = 0; i < Elector.LISTENERS_MAX; i++) {
      elector.listen(scribe());
    }
    assertThatThrownBy(() -> elector.listen(scribe()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("listeners: 100 (expected: below 100)");
    elector.close();
  }

  @Test
  void optionsSayWhatIsWrong() {
    assertThatThrownBy(() -> options.withCoolDown(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("coolDown: PT-1S (expected: PT0S to PT24H)");
    assertThatThrownBy(() -> options.withDrainMax(Duration.ZERO))
        .hasMessage("drainMax: PT0S (expected: PT0.001S to PT24H)");
  }
}
