package dev.ashlar.leases.keep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Effect;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.CountingObserver;
import dev.ashlar.core.testkit.Eventually;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.LossCause;
import dev.ashlar.leases.MemoryLeaseStore;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the shell does with time: the contract of leases proves the rest. */
class LeasesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final LeaseName NAME = new LeaseName("nightly");

  private final ManualTime time = ManualTime.create();
  private final MemoryLeaseStore store = MemoryLeaseStore.of(time);
  private final CountingObserver observer = new CountingObserver();
  private final Leases leases = leases(observer);

  private static LeaseOptions options() {
    return LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
  }

  private Leases leases(Observer seeing) {
    return Leases.of(
        store,
        options(),
        IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
        time,
        seeing);
  }

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private Lease held() throws InterruptedException {
    return leases.tryAcquire(NAME, soon()).lease().orElseThrow();
  }

  @Test
  void aLeaseIsRenewedForAsLongAsItIsNotClosed() throws Exception {
    Lease lease = held();
    // Five and a half seconds after the last one at the latest, the next one is sent.
    for (int i = 1; i <= 100; i++) {
      time.advance(Duration.ofSeconds(1));
      Eventually.holds(
          "renewed", PATIENCE, () -> lease.remaining().compareTo(Duration.ofMillis(8500)) > 0);
      assertThat(lease.state()).isEqualTo(LeaseState.HELD);
    }
    lease.close();

    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    time.advance(Duration.ofSeconds(1));
    assertThat(time.timers()).isZero();
  }

  @Test
  void aPauseBeyondTheTermLosesTheLease() throws Exception {
    Lease lease = held();
    time.pause(Duration.ofSeconds(60));

    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.DEADLINE);
    observer.awaitCount("lease.lost", 1, PATIENCE);
    assertThat(lease.confirm(soon())).isEqualTo(LeaseState.LOST);
  }

  @Test
  void leasesAreNotReentrant() throws Exception {
    Lease lease = held();

    assertThat(leases.tryAcquire(NAME, soon()))
        .isInstanceOfSatisfying(
            Acquisition.Held.class,
            refused ->
                assertThat(refused.current().orElseThrow().fence()).isEqualTo(lease.fence()));
    lease.close();
  }

  @Test
  void closingGivesEveryLeaseBackAndRefusesFurtherOnes() throws Exception {
    Lease lease = held();
    leases.close();

    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    assertThatThrownBy(() -> leases.tryAcquire(NAME, soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("leases: closed (expected: open)");
    assertThat(leases(Observer.none()).tryAcquire(NAME, soon()).lease()).isPresent();
  }

  @Test
  void aReasonSeenElsewhereEndsALease() throws Exception {
    Lease lease = held();
    lease.lose(LossCause.FENCED_BY_RESOURCE);

    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.use()).isEmpty();
    assertThat(lease.toString()).isEqualTo("Lease nightly 1 LOST");
    Eventually.holds(
        "given back",
        PATIENCE,
        () -> leases(Observer.none()).tryAcquire(NAME, soon()).lease().isPresent());
  }

  @Test
  void aWaitThatEndsInVainSaysWhoHasTheLease() throws Exception {
    Lease lease = held();
    Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
    FutureTask<Acquisition> waiting = new FutureTask<>(() -> leases.acquire(NAME, deadline));
    new Thread(waiting, "waiting").start();
    time.awaitWaiters(1, PATIENCE);
    time.advance(Duration.ofSeconds(2));

    assertThat(waiting.get(30, TimeUnit.SECONDS)).isInstanceOf(Acquisition.Held.class);
    lease.close();
  }

  @Test
  void aWaitThatCutsItsLastQuestionShortSaysWhoHadTheLeaseBefore() throws Exception {
    Lease lease = held();
    Silent silent = new Silent();
    FutureTask<Acquisition> waiting = silent.waiting(Duration.ofSeconds(2));

    assertThat(waiting.get(30, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Acquisition.Held.class,
            other -> assertThat(other.current().orElseThrow().fence()).isEqualTo(lease.fence()));
    Eventually.holds("given back", PATIENCE, () -> silent.releases.get() == 1);
    lease.close();
  }

  @Test
  void aWaitWhoseStoreStoppedAnsweringFails() throws Exception {
    Lease lease = held();
    FutureTask<Acquisition> waiting = new Silent().waiting(Duration.ofSeconds(4));
    time.awaitWaiters(1, PATIENCE);
    time.advance(Duration.ofMillis(1200));

    assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(BackendException.class);
    lease.close();
  }

  /** A store that answers a first question, and lets all others wait until they end. */
  private final class Silent {
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger releases = new AtomicInteger();

    FutureTask<Acquisition> waiting(Duration most) {
      Leases line = Leases.of(proxy(), options(), IdSource.system(), time, observer);
      Deadline deadline = Deadline.after(most, time);
      FutureTask<Acquisition> waiting = new FutureTask<>(() -> line.acquire(NAME, deadline));
      new Thread(waiting, "waiting").start();
      return waiting;
    }

    private LeaseStore proxy() {
      return storeWith(
          (method, args) -> {
            if (method.getName().equals("grant") && questions.incrementAndGet() > 1) {
              time.advance(((Deadline) args[2]).remaining());
              return new Answer.Unknown<Grant>(
                  new BackendException("no answer", Effect.UNKNOWN, new Advice.Transient(), null));
            }
            if (method.getName().equals("release")) {
              releases.incrementAndGet();
            }
            return method.getName().equals("awaitChange") ? null : method.invoke(store, args);
          });
    }
  }

  @FunctionalInterface
  private interface Call {
    @Nullable Object answer(Method method, Object[] args) throws Exception;
  }

  private static LeaseStore storeWith(Call call) {
    return (LeaseStore)
        Proxy.newProxyInstance(
            LeaseStore.class.getClassLoader(),
            new Class<?>[] {LeaseStore.class},
            (proxy, method, args) -> call.answer(method, args));
  }

  @Test
  void anInterruptedCloseKeepsNothingAlive() throws Exception {
    Lease lease = held();
    Lease other = leases.tryAcquire(new LeaseName("weekly"), soon()).lease().orElseThrow();
    Thread.currentThread().interrupt();
    lease.close();
    assertThat(Thread.interrupted()).isTrue();
    Thread.currentThread().interrupt();
    leases.close();
    assertThat(Thread.interrupted()).isTrue();

    assertThat(lease.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(other.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(time.timers()).isZero();
  }

  @Test
  void closingTakesNoLongerForManyLeasesThanForOne() throws Exception {
    Lease first = held();
    Lease second = leases.tryAcquire(new LeaseName("weekly"), soon()).lease().orElseThrow();
    Lease.Use use = first.use().orElseThrow();
    Lease.Use another = second.use().orElseThrow();
    FutureTask<Boolean> closing =
        new FutureTask<>(
            () -> {
              leases.close();
              return true;
            });
    new Thread(closing, "closing").start();
    // Each waits for a use.
    time.awaitWaiters(2, PATIENCE);
    time.advance(Duration.ofSeconds(5));

    assertThat(closing.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(first.state()).isEqualTo(LeaseState.RELEASED);
    assertThat(second.state()).isEqualTo(LeaseState.RELEASED);
    use.close();
    another.close();
  }

  private Leases with(UnaryOperator<LeaseOptions> changes) {
    LeaseOptions options = LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
    return Leases.of(
        store,
        changes.apply(options),
        IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
        time,
        observer);
  }

  @Test
  void afterALossWithoutAWordNobodyElseGetsTheLeaseForTheDelay() throws Exception {
    Leases delaying = with(options -> options.withLockDelay(Duration.ofSeconds(10)));
    Lease lease = delaying.tryAcquire(NAME, soon()).lease().orElseThrow();
    assertThat(lease.remaining()).isLessThan(Duration.ofSeconds(15));
    lease.lose(LossCause.FENCED_BY_RESOURCE);
    observer.awaitCount("lease.lost", 1, PATIENCE);

    time.advance(Duration.ofMillis(24_999));
    assertThat(leases.tryAcquire(NAME, soon()).lease()).isEmpty();
    time.advance(Duration.ofMillis(1));
    assertThat(leases.tryAcquire(NAME, soon()).lease()).isPresent();
  }

  @Test
  void whatIsGivenBackIsFreeWithoutDelay() throws Exception {
    Leases delaying = with(options -> options.withLockDelay(Duration.ofSeconds(10)));
    delaying.tryAcquire(NAME, soon()).lease().orElseThrow().close();

    assertThat(leases.tryAcquire(NAME, soon()).lease()).isPresent();
  }

  @Test
  void afterAPauseAHolderIsInDoubtUntilTheStoreHasAnswered() throws Exception {
    Lease lease = held();
    time.jumpWall(Duration.ofSeconds(5));

    assertThat(lease.state()).isIn(LeaseState.SUSPECT, LeaseState.HELD);
    Eventually.holds("confirmed", PATIENCE, () -> lease.state() == LeaseState.HELD);
    assertThat(observer.count("lease.renewed")).isPositive();
    assertThat(lease.token().value()).isEqualTo(1);
  }

  @Test
  void manyLeasesAreRenewedInFewBatches() throws Exception {
    List<Lease> many = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      many.add(leases.tryAcquire(new LeaseName("part-" + i), soon()).lease().orElseThrow());
    }
    for (int i = 0; i < 60; i++) {
      time.advance(Duration.ofSeconds(1));
      for (Lease lease : many) {
        Eventually.holds(
            "renewed", PATIENCE, () -> lease.remaining().compareTo(Duration.ofMillis(8500)) > 0);
      }
    }

    assertThat(observer.count("lease.renewed")).isGreaterThan(2500 * 9);
    long requests = observer.steps().stream().filter("lease.renew"::equals).count();
    assertThat(requests).isLessThan(300);
    leases.close();
    assertThat(many).allMatch(lease -> lease.state() == LeaseState.RELEASED);
  }

  @Test
  void aStoreThatExtendsSinglyHoldsFewerLeases() throws Exception {
    LeaseStore singly =
        storeWith(
            (method, args) ->
                method.getName().equals("extendMax") ? 1 : method.invoke(store, args));
    Leases few =
        Leases.of(
            singly,
            LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
            IdSource.system(),
            time,
            observer);
    for (int i = 0; i < Leases.HELD_SINGLY_MAX; i++) {
      assertThat(few.tryAcquire(new LeaseName("part-" + i), soon()).lease()).isPresent();
    }
    assertThatThrownBy(() -> few.tryAcquire(NAME, soon()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("leases: 1000 held (expected: below 1000)");
    few.close();
  }

  @Test
  void whoeverLooksIsToldWhoHasALease() throws Exception {
    Lease lease = held();

    assertThat(leases.inspect(NAME, soon()).orElseThrow().fence()).isEqualTo(lease.fence());
    lease.close();
    assertThat(leases.inspect(NAME, soon())).isEmpty();
  }

  @Test
  void tooManyListenersAreRefused() throws Exception {
    Lease lease = held();
    for (int i = 0; i < Lease.LISTENERS_MAX; i++) {
      lease.whenLost(cause -> {});
    }
    assertThatThrownBy(() -> lease.whenLost(cause -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("listeners: 100 (expected: fewer)");
  }
}
