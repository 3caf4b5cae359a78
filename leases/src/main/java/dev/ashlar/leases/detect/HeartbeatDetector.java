package dev.ashlar.leases.detect;

import dev.ashlar.core.TimeSource;
import java.time.Duration;

/**
 * Suspects a node whose last heartbeat is longer ago than a fixed time.
 *
 * <p>Easy to foresee and to explain; {@link PhiAccrualDetector} follows a network whose rhythm
 * changes. The level is the silence divided by the timeout.
 *
 * <p><b>Guarantees.</b> As {@link FailureDetector}.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> A timeout up to a day, and at least twice what the pause monitor may overlook:
 * one overlooked stand-still and one heartbeat's way must fit in. Several heartbeats should, or
 * every lost one is a false alarm.
 *
 * <pre>{@code
 * PauseMonitor local =
 *     PauseMonitor.of(Duration.ofSeconds(1), Duration.ofSeconds(1), time, Observer.none());
 * FailureDetector<String> detector = HeartbeatDetector.of(Duration.ofSeconds(5), local, time);
 * detector.watch("b");
 * boolean counted = detector.heartbeat("b", Heartbeat.first(incarnation));
 * boolean worthATry = detector.suspicion("b").verdict() == Verdict.SUSPECTED;
 * }</pre>
 *
 * @param <N> names of nodes, with {@code equals}
 */
public final class HeartbeatDetector<N> implements FailureDetector<N> {

  private final Watches<N> watches;

  private HeartbeatDetector(Watches<N> watches) {
    this.watches = watches;
  }

  /**
   * Returns a detector that watches nobody yet.
   *
   * @param timeout the longest silence of a live node
   * @param local says whether this process itself runs; may be that of other detectors too
   */
  public static <N> HeartbeatDetector<N> of(Duration timeout, PauseMonitor local, TimeSource time) {
    Duration least = local.overlookedMax().multipliedBy(2);
    if (timeout.compareTo(least) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + " (expected: " + least + " to PT24H)");
    }
    return new HeartbeatDetector<>(new Watches<>(local, time, () -> new Fixed(timeout.toNanos())));
  }

  @Override
  public void watch(N node) {
    watches.watch(node);
  }

  @Override
  public void forget(N node) {
    watches.forget(node);
  }

  @Override
  public boolean heartbeat(N node, Heartbeat number) {
    return watches.heartbeat(node, number);
  }

  @Override
  public void tick() {
    watches.tick();
  }

  @Override
  public Suspicion suspicion(N node) {
    return watches.suspicion(node);
  }

  private record Fixed(long timeoutNanos) implements Judge {

    @Override
    public void learn(long gapNanos) {}

    @Override
    public double level(long silenceNanos) {
      return (double) silenceNanos / timeoutNanos;
    }

    @Override
    public boolean isTooMuch(double level) {
      return level >= 1;
    }
  }
}
