package dev.ashlar.resilience.breaker;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.Observer;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/*
 * Resilience4j 2.4.0 counts: its sliding window, its rate, its three states. What is ours stands around
 * it, because of what its source does otherwise:
 *
 *   its window can read the system's clock,      the synchronized window, and a clock that is told
 *   and two clocks are in use                    the time at each call
 *   open ends strictly after its time, without   the moments of opening are kept here, drawn with
 *   jitter, on a clock of its own                jitter; its own time to stay open never ends
 *   half-open has no limit, or one on the        each probe has its moment; one that has not come
 *   JVM's real-time scheduler                    back by then counts as failed at the next question
 *   a call that began before the breaker opened  a permit knows the state it was given in, and counts
 *   counts as a probe when it ends               in no other
 *   every exception counts                       the pipeline says which end counts
 *
 * One lock makes a question, or an ending, one step; inside it there is no wait and no foreign code. The
 * observer is told outside.
 */

/**
 * Stops asking a backend that does not answer, and finds out when it does again.
 *
 * <p>It spares the callers the wait and the backend the load. It is not a limit on load: that is
 * what a retry budget and load shedding are for, and with many small clients, each of which sees
 * few failures, they do more.
 *
 * <p><b>Guarantees.</b> It opens exactly when, at the end of an attempt, at least {@code callsMin}
 * attempts ended within the window and {@code failurePercent} of them failed (CALL-25). What was
 * refused here, called off or expired changes nothing (CALL-26). It refuses up to the end of its
 * open time and not at it; then at most {@code probes} attempts are under way at once (CALL-27). A
 * probe that does not come back counts as failed after {@code probeMax} (CALL-28).
 *
 * <p><b>Not guaranteed.</b> To see a backend that hangs, before attempts end: an attempt time-out
 * ends them.
 *
 * <p><b>Threads.</b> Safe. It is told the time.
 *
 * <p><b>Limits.</b> {@link BreakerPolicy}. The window moves in whole seconds.
 */
public final class Breaker {

  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  private final BreakerPolicy policy;
  private final RandomGenerator random;
  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();

  // All below are guarded by the lock.
  private final ToldClock clock = new ToldClock();
  private final CircuitBreaker counts;
  private final List<Attempt> probes = new ArrayList<>();
  private State known = State.CLOSED;
  private long epoch;
  private long openUntilNanos;

  private Breaker(String name, BreakerPolicy policy, RandomGenerator random, Observer observer) {
    this.policy = requireNonNull(policy, "policy");
    this.random = requireNonNull(random, "random");
    this.observer = requireNonNull(observer, "observer");
    this.counts = CircuitBreaker.of(name, config(policy, clock));
  }

  /**
   * Returns a closed breaker.
   *
   * @param name for Resilience4j's own log
   * @param random draws the jitter of the open time
   * @param observer is told {@code "breaker.opened"}, {@code "breaker.half-opened"} and {@code
   *     "breaker.closed"}
   */
  public static Breaker of(
      String name, BreakerPolicy policy, RandomGenerator random, Observer observer) {
    return new Breaker(name, policy, random, observer);
  }

  private static CircuitBreakerConfig config(BreakerPolicy policy, Clock clock) {
    return CircuitBreakerConfig.custom()
        .clock(clock)
        .currentTimestampFunction(told -> 0L, TimeUnit.NANOSECONDS)
        .slidingWindow(
            (int) policy.window().toSeconds(),
            policy.callsMin(),
            SlidingWindowType.TIME_BASED,
            SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
        .failureRateThreshold(policy.failurePercent())
        .slowCallDurationThreshold(FOR_EVER)
        .waitDurationInOpenState(FOR_EVER)
        .permittedNumberOfCallsInHalfOpenState(policy.probes())
        .writableStackTraceEnabled(false)
        .build();
  }

  /** Asks whether an attempt may be made. */
  public Admission ask(long nowNanos) {
    return step(
        nowNanos,
        () -> {
          if (known == State.OPEN) {
            return new Admission.Refused(Duration.ofNanos(openUntilNanos - nowNanos));
          }
          if (!counts.tryAcquirePermission()) {
            return new Admission.Refused(Duration.ZERO);
          }
          Attempt attempt = new Attempt(epoch, nowNanos);
          if (known == State.HALF_OPEN) {
            probes.add(attempt);
          }
          return new Admission.Admitted(attempt);
        });
  }

  /** Returns what the breaker does with attempts. */
  public BreakerState state(long nowNanos) {
    return step(
        nowNanos,
        () ->
            switch (known) {
              case OPEN -> BreakerState.OPEN;
              case HALF_OPEN -> BreakerState.HALF_OPEN;
              default -> BreakerState.CLOSED;
            });
  }

  /** Returns when and how it opens. */
  public BreakerPolicy policy() {
    return policy;
  }

  private <T> T step(long nowNanos, Body<T> body) {
    long before;
    long after;
    State reached;
    T answer;
    lock.lock();
    try {
      before = epoch;
      clock.told(nowNanos);
      passTime(nowNanos);
      answer = body.run();
      noteChange(nowNanos);
      after = epoch;
      reached = known;
    } finally {
      lock.unlock();
    }
    if (before != after) {
      tell(reached);
    }
    return answer;
  }

  /** What time alone brings about: open ends, and lost probes count as failed. */
  private void passTime(long nowNanos) {
    if (known == State.OPEN && nowNanos - openUntilNanos >= 0) {
      counts.transitionToHalfOpenState();
      noteChange(nowNanos);
    }
    long probeMaxNanos = policy.probeMax().toNanos();
    for (Attempt probe : List.copyOf(probes)) {
      if (nowNanos - probe.startedNanos >= probeMaxNanos) {
        probe.settle(nowNanos, End.FAILED);
      }
    }
  }

  private void noteChange(long nowNanos) {
    State now = counts.getState();
    if (now == known) {
      return;
    }
    known = now;
    epoch++;
    probes.clear();
    if (now == State.OPEN) {
      openUntilNanos = nowNanos + openNanos();
    }
  }

  private long openNanos() {
    long middle = policy.openTime().toNanos();
    long spread = middle / 100 * policy.openJitterPercent();
    return spread == 0 ? middle : middle - spread + random.nextLong(2 * spread + 1);
  }

  private void tell(State reached) {
    switch (reached) {
      case OPEN -> observer.count("breaker.opened", 1);
      case HALF_OPEN -> observer.count("breaker.half-opened", 1);
      default -> observer.count("breaker.closed", 1);
    }
  }

  @Override
  public String toString() {
    return "Breaker of " + policy;
  }

  private enum End {
    SUCCEEDED,
    FAILED,
    IGNORED
  }

  private interface Body<T> {
    T run();
  }

  /** Equal to itself only. */
  private final class Attempt implements Admission.Permit {
    private final long givenIn;
    private final long startedNanos;
    private boolean settled;

    Attempt(long givenIn, long startedNanos) {
      this.givenIn = givenIn;
      this.startedNanos = startedNanos;
    }

    @Override
    public void succeeded(long nowNanos) {
      end(nowNanos, End.SUCCEEDED);
    }

    @Override
    public void failed(long nowNanos) {
      end(nowNanos, End.FAILED);
    }

    @Override
    public void ignored(long nowNanos) {
      end(nowNanos, End.IGNORED);
    }

    private void end(long nowNanos, End how) {
      boolean unused =
          step(
              nowNanos,
              () -> {
                settle(nowNanos, how);
                return true;
              });
    }

    /** Whoever was admitted in an earlier state has nothing to say in this one. */
    private void settle(long nowNanos, End how) {
      if (settled) {
        return;
      }
      settled = true;
      if (givenIn != epoch) {
        return;
      }
      boolean unused = probes.remove(this);
      switch (how) {
        case SUCCEEDED -> counts.onSuccess(0, TimeUnit.NANOSECONDS);
        case FAILED -> counts.onError(0, TimeUnit.NANOSECONDS, new AttemptFailed());
        case IGNORED -> counts.releasePermission();
      }
      noteChange(nowNanos);
    }
  }

  /** What Resilience4j is told instead of the failure, whose text is nobody's business. */
  private static final class AttemptFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AttemptFailed() {
      super("attempt failed", null, false, false);
    }
  }

  /** The elapsed clock as Resilience4j wants to see it: never back, from an arbitrary origin. */
  private static final class ToldClock extends Clock {
    private boolean told;
    private long lastNanos;
    private Instant now = Instant.EPOCH;

    void told(long nowNanos) {
      if (told && nowNanos - lastNanos > 0) {
        now = now.plusNanos(nowNanos - lastNanos);
      }
      if (!told || nowNanos - lastNanos > 0) {
        told = true;
        lastNanos = nowNanos;
      }
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
