package dev.ashlar.leases.detect;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.detect.Suspicion.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Two silences
 * ------------
 *
 *   last heartbeat        this process stands still         now
 *   |------------------------===================-------------|
 *   |<--------------- silence: the level ------------------->|
 *                                               |<- running ->|
 *
 * The level is that of the whole silence, so it never falls between heartbeats. The verdict asks a
 * second time, with the shorter of silence and running time: a silence that is too long, in which this
 * process has not run for too long, is UNKNOWN. So after a stand-still each node has as much time as
 * ever to be heard, and no window had to be chosen.
 *
 * What is not learned from: a silence that was too long (the failure is over, and said nothing about the
 * rhythm), the step from one life to the next, and what this process did not hear evenly, because it
 * stood still or works off what has piled up.
 */

/** The nodes of one detector, and what is the same for every detector. */
final class Watches<N> implements FailureDetector<N> {

  private final PauseMonitor local;
  private final TimeSource time;
  private final Supplier<Judge> judges;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<N, Watch> watches = new HashMap<>();

  Watches(PauseMonitor local, TimeSource time, Supplier<Judge> judges) {
    this.local = requireNonNull(local, "local");
    this.time = requireNonNull(time, "time");
    this.judges = judges;
  }

  @Override
  public void watch(N node) {
    requireNonNull(node, "node");
    lock.lock();
    try {
      if (!watches.containsKey(node) && watches.size() >= NODES_MAX) {
        throw new IllegalStateException("nodes: " + NODES_MAX + " (expected: fewer)");
      }
      watches.computeIfAbsent(node, added -> new Watch(judges.get(), time.nanos()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void forget(N node) {
    lock.lock();
    try {
      watches.remove(node);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean heartbeat(N node, Heartbeat number) {
    lock.lock();
    try {
      Watch watch = watches.get(node);
      return watch != null && watch.hear(number, time.nanos(), local);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void tick() {
    local.tick();
  }

  @Override
  public Suspicion suspicion(N node) {
    lock.lock();
    try {
      Watch watch = watches.get(node);
      return watch == null
          ? new Suspicion(0, Duration.ZERO, Verdict.UNKNOWN)
          : watch.suspicion(time.nanos(), local);
    } finally {
      lock.unlock();
    }
  }

  /** One node. */
  private static final class Watch {
    private final Judge judge;
    private long sinceNanos;
    private @Nullable Heartbeat last;

    Watch(Judge judge, long nowNanos) {
      this.judge = judge;
      this.sinceNanos = nowNanos;
    }

    boolean hear(Heartbeat number, long nowNanos, PauseMonitor local) {
      Heartbeat former = last;
      if (former != null && !number.isAfter(former)) {
        return false;
      }
      long gap = nowNanos - sinceNanos;
      boolean ofOneLife = former != null && former.incarnation() == number.incarnation();
      if (ofOneLife && !isTooLong(gap) && isUndisturbed(gap, local)) {
        judge.learn(gap);
      }
      last = number;
      sinceNanos = nowNanos;
      return true;
    }

    private static boolean isUndisturbed(long gapNanos, PauseMonitor local) {
      return local.runningFor().minus(local.overlookedMax()).toNanos() >= gapNanos;
    }

    Suspicion suspicion(long nowNanos, PauseMonitor local) {
      long silence = nowNanos - sinceNanos;
      return new Suspicion(
          judge.level(silence), Duration.ofNanos(silence), verdict(silence, local));
    }

    private Verdict verdict(long silence, PauseMonitor local) {
      if (!isTooLong(silence)) {
        return last == null ? Verdict.UNKNOWN : Verdict.ALIVE;
      }
      long running = local.runningFor().toNanos();
      return isTooLong(Math.min(silence, running)) ? Verdict.SUSPECTED : Verdict.UNKNOWN;
    }

    private boolean isTooLong(long silence) {
      return judge.isTooMuch(judge.level(silence));
    }
  }
}
