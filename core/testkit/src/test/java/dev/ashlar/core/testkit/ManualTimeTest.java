package dev.ashlar.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualTimeTest {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration REAL = Duration.ofSeconds(30);

  private final ManualTime time = ManualTime.create();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition condition = lock.newCondition();
  private boolean signalled;

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void bothClocksStandStillUntilTheyAreMoved() throws InterruptedException {
    long nanos = time.nanos();
    Instant wall = time.wallTime();

    TimeSource.system().sleep(Duration.ofMillis(2));

    assertThat(time.nanos()).isEqualTo(nanos);
    assertThat(time.wallTime()).isEqualTo(wall);
  }

  @Test
  void anAdvanceMovesBothAndAJumpTheWallOnly() {
    long nanos = time.nanos();
    Instant wall = time.wallTime();

    time.advance(SECOND);
    time.jumpWall(Duration.ofHours(-1));

    assertThat(time.nanos() - nanos).isEqualTo(SECOND.toNanos());
    assertThat(time.wallTime()).isEqualTo(wall.plus(SECOND).minus(Duration.ofHours(1)));
  }

  @Test
  void theWallClockDriftsFromTheMomentItsRateIsSet() {
    Instant wall = time.wallTime();

    time.advance(SECOND);
    time.setWallRate(1.5);
    time.advance(SECOND.multipliedBy(2));
    time.setWallRate(0);
    time.advance(SECOND);
    time.setWallRate(1);
    time.advance(SECOND);

    assertThat(time.wallTime()).isEqualTo(wall.plus(SECOND.multipliedBy(5)));
    assertThatThrownBy(() -> time.setWallRate(-1)).hasMessage("rate: -1.0 (expected: 0 to 1000)");
    assertThatThrownBy(() -> time.setWallRate(Double.NaN)).hasMessageStartingWith("rate: NaN");
  }

  @Test
  void anElapsedClockNearItsOverflowOverflowsWithoutHarm() {
    ManualTime near = ManualTime.nearOverflow();
    Deadline deadline = Deadline.after(SECOND.multipliedBy(3), near);
    List<String> ran = new ArrayList<>();
    near.after(SECOND.multipliedBy(2), () -> ran.add("two"));
    long before = near.nanos();

    near.advance(SECOND.multipliedBy(2));

    assertThat(before).isPositive();
    assertThat(near.nanos()).isNegative();
    assertThat(near.nanos() - before).isEqualTo(SECOND.toNanos() * 2);
    assertThat(deadline.remaining()).isEqualTo(SECOND);
    assertThat(ran).containsExactly("two");
  }

  @Test
  void clocksStartWhereTheyAreTold() {
    ManualTime told = ManualTime.startingAt(42, Instant.EPOCH);

    assertThat(told.nanos()).isEqualTo(42);
    assertThat(told.wallTime()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void timersRunInOrderAtTheirOwnMomentsInTheAdvancingThread() {
    List<String> ran = new ArrayList<>();
    long start = time.nanos();
    for (int seconds : new int[] {3, 1, 2, 1}) {
      time.after(
          SECOND.multipliedBy(seconds),
          () ->
              ran.add(
                  (time.nanos() - start) / SECOND.toNanos() + Thread.currentThread().getName()));
    }

    time.advance(SECOND.multipliedBy(2));

    String thread = Thread.currentThread().getName();
    assertThat(ran).containsExactly("1" + thread, "1" + thread, "2" + thread);
    assertThat(time.timers()).isEqualTo(1);
  }

  @Test
  void aTimerThatSetsAnotherOnTheWayHasItRunInTheSameAdvance() {
    List<Long> ran = new ArrayList<>();
    long start = time.nanos();
    time.after(
        SECOND, () -> time.after(SECOND, () -> ran.add((time.nanos() - start) / SECOND.toNanos())));

    time.advance(SECOND.multipliedBy(3));

    assertThat(ran).containsExactly(2L);
  }

  @Test
  void afterAPauseWhatBecameDueOnTheWayRunsLate() {
    List<Long> ran = new ArrayList<>();
    long start = time.nanos();
    time.after(SECOND, () -> ran.add((time.nanos() - start) / SECOND.toNanos()));
    time.after(SECOND.multipliedBy(4), () -> ran.add(-1L));

    time.pause(SECOND.multipliedBy(3));

    assertThat(ran).containsExactly(3L);
    assertThatThrownBy(() -> time.pause(SECOND.negated()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("by: PT-1S (expected: >= 0)");
  }

  @Test
  void aTimerOfNothingRunsAtTheNextAdvanceEvenOfZero() {
    List<String> ran = new ArrayList<>();
    time.after(Duration.ofSeconds(Long.MIN_VALUE), () -> ran.add("now"));
    time.after(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));

    assertThat(ran).isEmpty();
    time.advance(Duration.ZERO);

    assertThat(ran).containsExactly("now");
  }

  @Test
  void aCancelledTimerDoesNotRunAndOneThatRanCannotBeCancelled() {
    List<String> ran = new ArrayList<>();
    TimeSource.Timer cancelled = time.after(SECOND, () -> ran.add("cancelled"));
    TimeSource.Timer kept = time.after(SECOND, () -> ran.add("kept"));

    assertThat(cancelled.cancel()).isTrue();
    time.advance(SECOND);

    assertThat(ran).containsExactly("kept");
    assertThat(cancelled.cancel()).isFalse();
    assertThat(kept.cancel()).isFalse();
  }

  @Test
  void whatATimerThrowsComesOutOfTheAdvanceAndTheRestRunsLater() {
    List<String> ran = new ArrayList<>();
    time.after(
        SECOND,
        () -> {
          throw new IllegalStateException("on purpose");
        });
    time.after(SECOND, () -> ran.add("other"));

    assertThatThrownBy(() -> time.advance(SECOND)).hasMessage("on purpose");
    time.advance(Duration.ZERO);

    assertThat(ran).containsExactly("other");
  }

  @Test
  void misuseIsRefused() {
    assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1)))
        .hasMessage("by: PT-0.000000001S (expected: >= 0)");
    time.after(Duration.ZERO, () -> time.advance(SECOND));
    assertThatThrownBy(() -> time.advance(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> time.await(condition, Deadline.after(SECOND, TimeSource.system())))
        .hasMessage("deadline: on the system's clock (expected: on this one)");
  }

  @Test
  void aSleeperWakesWhenItsMomentComesAndNotBefore() throws Exception {
    Future<String> sleeper = inThread(() -> time.sleep(SECOND));
    time.awaitWaiters(1, REAL);

    time.advance(SECOND.minusNanos(1));
    assertThat(time.waiters()).isEqualTo(1);
    assertThat(sleeper).isNotDone();
    time.advance(Duration.ofNanos(1));

    assertThat(get(sleeper)).isEqualTo("done");
  }

  @Test
  void aSleepOfNothingReturnsAtOnceUnlessInterrupted() throws InterruptedException {
    time.sleep(Duration.ZERO);
    time.sleep(SECOND.negated());
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> time.sleep(Duration.ZERO)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void interruptedSleepersAndAwaitersLeaveNothingBehind() throws Exception {
    Future<String> sleeper = inThread(() -> time.sleep(SECOND));
    Future<String> awaiter = inThread(() -> await(Deadline.after(SECOND, time)));
    time.awaitWaiters(2, REAL);

    threads.shutdownNow();

    for (Future<String> future : List.of(sleeper, awaiter)) {
      assertThatThrownBy(() -> get(future)).hasRootCauseInstanceOf(InterruptedException.class);
    }
    assertThat(time.waiters()).isZero();
    assertThat(time.nextMoment()).isEmpty();
  }

  @Test
  void anAwaiterIsToldThatItsDeadlineCame() throws Exception {
    Future<Boolean> awaiter = threads.submit(() -> await(Deadline.after(SECOND, time)));
    time.awaitWaiters(1, REAL);

    time.advance(SECOND);

    assertThat(get(awaiter)).isFalse();
    assertThat(await(Deadline.after(Duration.ZERO, time))).isFalse();
  }

  @Test
  void anAwaiterIsWokenByASignal() throws Exception {
    Future<Boolean> awaiter = threads.submit(() -> await(Deadline.after(SECOND, time)));
    time.awaitWaiters(1, REAL);

    signal();

    assertThat(get(awaiter)).isTrue();
    assertThat(time.waiters()).isZero();
  }

  @Test
  void withoutASignalAnAwaiterDoesNotWake() throws Exception {
    Future<Boolean> awaiter = threads.submit(() -> await(Deadline.after(SECOND, time)));
    time.awaitWaiters(1, REAL);

    TimeSource.system().sleep(Duration.ofMillis(30));

    assertThat(awaiter).isNotDone();
    time.advance(SECOND);
    assertThat(get(awaiter)).isFalse();
  }

  @Test
  void anAwaiterKeepsCountingWhileItGoesRoundItsLoop() throws Exception {
    Future<Boolean> awaiter = threads.submit(() -> await(Deadline.after(SECOND, time)));
    time.awaitWaiters(1, REAL);
    Deadline enough = Deadline.after(Duration.ofMillis(100), TimeSource.system());

    while (!enough.hasExpired()) {
      assertThat(time.waiters()).isEqualTo(1);
      assertThat(time.nextMoment()).contains(SECOND);
    }

    signal();
    assertThat(get(awaiter)).isTrue();
  }

  @Test
  void noSignalGetsLostBetweenTheSlices() throws Exception {
    for (int i = 0; i < 300; i++) {
      Future<Boolean> awaiter = threads.submit(() -> await(Deadline.after(SECOND, time)));
      time.awaitWaiters(1, REAL);
      TimeSource.system().sleep(Duration.ofNanos(i * 10_000L));

      signal();

      assertThat(get(awaiter)).isTrue();
    }
  }

  @Test
  void theNextMomentIsTheEarliestOfTimersAndWaiters() throws Exception {
    assertThat(time.nextMoment()).isEmpty();
    assertThat(time.advanceToNext()).isFalse();
    time.after(SECOND.multipliedBy(2), () -> {});
    Future<String> sleeper = inThread(() -> time.sleep(SECOND));
    time.awaitWaiters(1, REAL);

    assertThat(time.nextMoment()).contains(SECOND);
    assertThat(time.advanceToNext()).isTrue();
    assertThat(get(sleeper)).isEqualTo("done");
    assertThat(time.nextMoment()).contains(SECOND);
    assertThat(time.advanceToNext()).isTrue();
    assertThat(time.advanceToNext()).isFalse();
  }

  @Test
  void aLoopThatSleepsIsDrivenRoundByRound() throws Exception {
    List<Long> rounds = new ArrayList<>();
    long start = time.nanos();
    Future<String> loop =
        inThread(
            () -> {
              for (int i = 0; i < 50; i++) {
                time.sleep(SECOND);
                rounds.add((time.nanos() - start) / SECOND.toNanos());
              }
            });
    for (int i = 0; i < 50; i++) {
      time.awaitWaiters(1, REAL);
      time.advanceToNext();
    }

    assertThat(get(loop)).isEqualTo("done");
    assertThat(rounds).hasSize(50).isSorted().doesNotHaveDuplicates().endsWith(50L);
  }

  @Test
  void waitersThatDoNotComeAreReported() {
    assertThatThrownBy(() -> time.awaitWaiters(1, Duration.ofMillis(5)))
        .isInstanceOf(AssertionError.class)
        .hasMessage("waiting threads: 0 after PT0.005S, expected: 1");
  }

  private boolean await(Deadline deadline) throws InterruptedException {
    lock.lock();
    try {
      while (!signalled) {
        if (!time.await(condition, deadline)) {
          return signalled;
        }
      }
      signalled = false;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      signalled = true;
      condition.signal();
    } finally {
      lock.unlock();
    }
  }

  private Future<String> inThread(Eventually.Assertion task) {
    Callable<String> callable =
        () -> {
          task.run();
          return "done";
        };
    return threads.submit(callable);
  }

  private static <T> T get(Future<T> future) throws Exception {
    try {
      return future.get(REAL.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
