package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final TimeSource time = TimeSource.system();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition condition = lock.newCondition();
  private boolean signalled;

  @Test
  void aSleepTakesAtLeastItsTime() throws InterruptedException {
    long before = time.nanos();

    time.sleep(SHORT);

    assertThat(time.nanos() - before).isGreaterThanOrEqualTo(SHORT.toNanos());
  }

  @Test
  void aSleepOfNothingReturnsAtOnce() throws InterruptedException {
    Deadline soon = Deadline.after(LONG, time);

    time.sleep(Duration.ZERO);
    time.sleep(Duration.ofSeconds(Long.MIN_VALUE));

    assertThat(soon.hasExpired()).isFalse();
  }

  @Test
  void anInterruptedThreadDoesNotWait() {
    for (Duration duration : new Duration[] {LONG, Duration.ZERO}) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> time.sleep(duration)).isInstanceOf(InterruptedException.class);
    }
    Thread.currentThread().interrupt();
    assertThatThrownBy(this::awaitLong).isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private void awaitLong() throws InterruptedException {
    Deadline deadline = Deadline.after(LONG, time);
    lock.lock();
    try {
      while (!signalled && time.await(condition, deadline)) {}
    } finally {
      lock.unlock();
    }
  }

  @Test
  void aWaitEndsWithItsDeadline() throws InterruptedException {
    Deadline deadline = Deadline.after(SHORT, time);
    lock.lock();
    try {
      while (time.await(condition, deadline)) {}
    } finally {
      lock.unlock();
    }
    assertThat(deadline.hasExpired()).isTrue();
  }

  @Test
  void aSignalEndsAWaitBeforeItsDeadline() throws InterruptedException {
    Deadline deadline = Deadline.after(LONG, time);
    time.after(SHORT, this::signal);

    awaitLong();

    assertThat(deadline.hasExpired()).isFalse();
  }

  private void signal() {
    lock.lock();
    try {
      signalled = true;
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void aTimerRunsOnceInTheTimersOwnThread() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    String[] thread = new String[1];
    TimeSource.Timer timer =
        time.after(
            Duration.ofSeconds(-1),
            () -> {
              thread[0] = Thread.currentThread().getName();
              runs.incrementAndGet();
              ran.countDown();
            });

    assertThat(ran.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    time.sleep(SHORT);

    assertThat(runs).hasValue(1);
    assertThat(thread[0]).isEqualTo("ashlar-timer");
    assertThat(timer.cancel()).isFalse();
  }

  @Test
  void aCancelledTimerDoesNotRun() throws InterruptedException {
    CountDownLatch later = new CountDownLatch(1);
    AtomicInteger runs = new AtomicInteger();
    TimeSource.Timer timer = time.after(SHORT, runs::incrementAndGet);

    assertThat(timer.cancel()).isTrue();
    time.after(SHORT.multipliedBy(2), later::countDown);

    assertThat(later.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(runs).hasValue(0);
    assertThat(timer.cancel()).isFalse();
  }

  @Test
  void aFailingTimerIsSeenAndStopsNoOther() throws InterruptedException {
    CountDownLatch next = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> seen.countDown());
    try {
      time.after(
          Duration.ZERO,
          () -> {
            throw new IllegalStateException("on purpose");
          });
      time.after(SHORT, next::countDown);

      assertThat(seen.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(next.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
