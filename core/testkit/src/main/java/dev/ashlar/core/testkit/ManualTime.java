package dev.ashlar.core.testkit;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/**
 * Clocks that stand still until a test moves them.
 *
 * <p>Elapsed time and wall time move together with {@link #advance} and apart with {@link
 * #jumpWall} and {@link #setWallRate}, because the bugs worth finding are in code that takes one
 * for the other.
 *
 * <p><b>Guarantees.</b> {@link #advance} runs each timer at the timer's own moment, in order, in
 * the advancing thread; whoever sleeps or awaits until a moment that has come wakes. A waiter
 * counts as gone as soon as its moment has come, so {@link #awaitWaiters} after an advance waits
 * until the thread has come back to wait anew.
 *
 * <p><b>Not guaranteed.</b> That a sleeper wakes exactly at its moment: an advance past it does not
 * stop for it, as a paused process does not. Use {@link #advanceToNext} to go moment by moment. Nor
 * that a waiter whose condition was signalled stops counting at once: it does when its thread runs.
 * Nor that {@link #await} returns for a reason: it also does every few milliseconds without one.
 *
 * <p><b>Failures.</b> What a timer's task throws comes out of the advance that ran it; the clocks
 * stay at that moment.
 *
 * <p><b>Threads.</b> Safe; advances from several threads run one after the other.
 *
 * <pre>{@code
 * ManualTime time = ManualTime.create();
 * Deadline deadline = Deadline.after(Duration.ofSeconds(2), time);
 * time.advance(Duration.ofSeconds(2));
 * assertThat(deadline.hasExpired()).isTrue();
 * }</pre>
 */
public final class ManualTime implements TimeSource {

  /*
   * Whoever advances cannot take the lock that belongs to a foreign condition, and so cannot signal
   * it: the awaiting thread looks at the clock itself, after each slice of real time. A signal that
   * comes just when a slice ends, before the thread has its lock again, reaches nobody. So after some
   * slices the thread is sent back to its caller, as after a spurious wake-up, to look at its state.
   * It will most likely be back at once, so it goes on counting as a waiter for a while: or tests
   * that look for waiters would sometimes find none, for no reason that they could know.
   */
  private static final long SLICE_MILLIS = 1;

  private static final int SLICES = 20;

  private static final Instant WALL_START = Instant.parse("2026-01-02T03:04:05Z");

  private static final Comparator<ManualTimer> BY_MOMENT =
      Comparator.<ManualTimer>comparingLong(timer -> timer.moment)
          .thenComparingLong(timer -> timer.number);

  private final long origin;
  private final ReentrantLock advancing = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All below are guarded by the lock. Moments are nanoseconds since the origin, so that no
  // comparison in here can overflow however close to its end the visible counter starts.
  private final List<ManualTimer> timers = new ArrayList<>();
  private final Waiters waiters = new Waiters();
  private long passed;
  private long timersMade;
  private long wallSince;
  private Instant wallThen;
  private double wallRate = 1;

  private ManualTime(long origin, Instant wall) {
    this.origin = origin;
    this.wallThen = requireNonNull(wall, "wall");
  }

  /** Returns clocks that stand at arbitrary moments. */
  public static ManualTime create() {
    return new ManualTime(-7_000_000_123L, WALL_START);
  }

  /** Returns clocks whose elapsed counter overflows after one second, as a counter may. */
  public static ManualTime nearOverflow() {
    return new ManualTime(Long.MAX_VALUE - 1_000_000_000L, WALL_START);
  }

  /**
   * Returns clocks that stand at given moments.
   *
   * @param origin what the elapsed counter shows, in nanoseconds
   * @param wall what the wall clock shows
   */
  public static ManualTime startingAt(long origin, Instant wall) {
    return new ManualTime(origin, wall);
  }

  @Override
  public long nanos() {
    lock.lock();
    try {
      return origin + passed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Instant wallTime() {
    lock.lock();
    try {
      return wallNow();
    } finally {
      lock.unlock();
    }
  }

  private Instant wallNow() {
    long since = passed - wallSince;
    return wallThen.plusNanos(wallRate == 1 ? since : Math.round(since * wallRate));
  }

  /**
   * Moves the wall clock alone.
   *
   * @param by how far; negative for back
   */
  public void jumpWall(Duration by) {
    lock.lock();
    try {
      wallThen = wallNow().plus(by);
      wallSince = passed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets the wall clock drift against the elapsed clock from now on.
   *
   * @param rate wall seconds for each elapsed second; 1 is no drift, zero a wall clock that stands
   */
  public void setWallRate(double rate) {
    if (!(rate >= 0 && rate <= 1000)) {
      throw new IllegalArgumentException("rate: " + rate + " (expected: 0 to 1000)");
    }
    lock.lock();
    try {
      wallThen = wallNow();
      wallSince = passed;
      wallRate = rate;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves both clocks on and runs what becomes due on the way.
   *
   * @param by how far; zero runs what is due already
   * @throws IllegalStateException from within a timer's task
   */
  public void advance(Duration by) {
    advance(by, false);
  }

  /**
   * Moves both clocks on at once, as they move over a process that is paused: what became due on
   * the way runs afterwards, late, and sees no moment in between.
   *
   * @param by how far
   * @throws IllegalStateException from within a timer's task
   */
  public void pause(Duration by) {
    advance(by, true);
  }

  private void advance(Duration by, boolean atOnce) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("by: " + by + " (expected: >= 0)");
    }
    if (advancing.isHeldByCurrentThread()) {
      throw new IllegalStateException("advance: called by a timer's task (expected: by a test)");
    }
    advancing.lock();
    try {
      long target = momentAfter(by);
      for (Optional<Runnable> due = move(target, atOnce); due.isPresent(); ) {
        due.get().run();
        due = move(target, atOnce);
      }
    } finally {
      advancing.unlock();
    }
  }

  /**
   * Moves both clocks to the next moment that anything waits for.
   *
   * @return {@code false} if nothing waits
   */
  public boolean advanceToNext() {
    Optional<Duration> next = nextMoment();
    next.ifPresent(this::advance);
    return next.isPresent();
  }

  /** Returns how long from now it is to the next moment that a timer or a thread waits for. */
  public Optional<Duration> nextMoment() {
    lock.lock();
    try {
      return LongStream.concat(timers.stream().mapToLong(timer -> timer.moment), waiters.moments())
          .min()
          .stream()
          .mapToObj(next -> Duration.ofNanos(Math.max(0, next - passed)))
          .findFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many threads sleep or await on these clocks. */
  public int waiters() {
    lock.lock();
    try {
      return waiters.count();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many timers have neither run nor been cancelled. */
  public int timers() {
    lock.lock();
    try {
      return timers.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits, in real time, until at least {@code n} threads sleep or await on these clocks.
   *
   * @throws AssertionError if they do not come in time
   */
  public void awaitWaiters(int n, Duration realTimeout) throws InterruptedException {
    Deadline deadline = Deadline.after(realTimeout, TimeSource.system());
    lock.lock();
    try {
      while (waiters.count() < n) {
        if (!TimeSource.system().await(changed, deadline) && waiters.count() < n) {
          throw new AssertionError(
              "waiting threads: " + waiters.count() + " after " + realTimeout + ", expected: " + n);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (duration.isZero() || duration.isNegative()) {
      return;
    }
    lock.lock();
    try {
      Waiters.Waiter waiter = park(duration);
      try {
        while (!waiter.isDue(passed)) {
          changed.await();
        }
      } finally {
        waiters.remove(waiter);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean await(Condition condition, Deadline deadline) throws InterruptedException {
    if (deadline.time().equals(TimeSource.system())) {
      throw new IllegalArgumentException("deadline: on the system's clock (expected: on this one)");
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    if (deadline.hasExpired()) {
      return false;
    }
    Waiters.Waiter waiter = parkUntil(deadline);
    boolean lingers = false;
    try {
      for (int slice = 0; slice < SLICES; slice++) {
        if (condition.await(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
        if (isDue(waiter)) {
          return false;
        }
      }
      lingers = true;
      return true;
    } finally {
      unpark(waiter, lingers);
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    requireNonNull(task, "task");
    lock.lock();
    try {
      ManualTimer timer = new ManualTimer(momentAfter(delay), timersMade++, task);
      timers.add(timer);
      return () -> cancel(timer);
    } finally {
      lock.unlock();
    }
  }

  private boolean cancel(ManualTimer timer) {
    lock.lock();
    try {
      return timers.remove(timer);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the next timer's task out, if there is one until the target, and moves to its moment, or
   * else to the target: at once, if nothing is to see the moments in between.
   */
  private Optional<Runnable> move(long target, boolean atOnce) {
    lock.lock();
    try {
      Optional<ManualTimer> due =
          timers.stream().filter(timer -> timer.moment <= target).min(BY_MOMENT);
      long moment = due.filter(timer -> !atOnce).map(timer -> timer.moment).orElse(target);
      passed = Math.max(passed, moment);
      due.ifPresent(timers::remove);
      waiters.wake(passed);
      changed.signalAll();
      return due.map(timer -> timer.task);
    } finally {
      lock.unlock();
    }
  }

  private long momentAfter(Duration duration) {
    lock.lock();
    try {
      return passed + Math.min(nanosOf(duration), Long.MAX_VALUE - passed);
    } finally {
      lock.unlock();
    }
  }

  private static long nanosOf(Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0
        ? duration.toNanos()
        : Long.MAX_VALUE;
  }

  private Waiters.Waiter park(Duration duration) {
    Waiters.Waiter waiter = waiters.add(momentAfter(duration), Thread.currentThread());
    changed.signalAll();
    return waiter;
  }

  /** The time left is read under the lock, or an advance in between would be slept through. */
  private Waiters.Waiter parkUntil(Deadline deadline) {
    lock.lock();
    try {
      return park(deadline.remaining());
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue(Waiters.Waiter waiter) {
    lock.lock();
    try {
      return waiter.isDue(passed);
    } finally {
      lock.unlock();
    }
  }

  private void unpark(Waiters.Waiter waiter, boolean lingers) {
    lock.lock();
    try {
      if (lingers) {
        waiter.linger();
      } else {
        waiters.remove(waiter);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A timer that has neither run nor been cancelled; equal to itself only. */
  private static final class ManualTimer {
    private final long moment;
    private final long number;
    private final Runnable task;

    ManualTimer(long moment, long number, Runnable task) {
      this.moment = moment;
      this.number = number;
      this.task = task;
    }
  }
}
