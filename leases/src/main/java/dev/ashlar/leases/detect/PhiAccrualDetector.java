package dev.ashlar.leases.detect;

import static java.util.Objects.requireNonNull;

import dev.ashlar.core.TimeSource;
import java.time.Duration;

/**
 * Suspects a node whose silence is improbable, by the gaps between its heartbeats so far.
 *
 * <p>The level is φ: minus the decimal logarithm of the probability that a gap is longer than the
 * silence is by now, for gaps that are normally distributed about the mean of those remembered plus
 * the accepted pause. It says how wrong a suspicion is likely to be: at 8, once in a hundred
 * million gaps.
 *
 * <p><b>Guarantees.</b> As {@link FailureDetector}.
 *
 * <p><b>Not guaranteed.</b> That gaps are normally distributed; a network's tails are longer, which
 * the accepted pause is for. A long gap that was just not suspected is rhythm: it is learned, and
 * the next silence is given more time.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <p><b>Limits.</b> Up to {@code window} gaps of each node, and {@value FailureDetector#NODES_MAX}
 * nodes: 8 MB with the defaults. See {@link PhiOptions}.
 *
 * @param <N> names of nodes, with {@code equals}
 * @see <a href="https://doi.org/10.1109/RELDIS.2004.1353004">Hayashibara, Défago, Yared, Katayama:
 *     The φ accrual failure detector, 2004</a>
 */
public final class PhiAccrualDetector<N> implements FailureDetector<N> {

  private final Watches<N> watches;

  private PhiAccrualDetector(Watches<N> watches) {
    this.watches = watches;
  }

  /**
   * Returns a detector that watches nobody yet.
   *
   * @param local says whether this process itself runs; may be that of other detectors too
   */
  public static <N> PhiAccrualDetector<N> of(
      PhiOptions options, PauseMonitor local, TimeSource time) {
    requireNonNull(options, "options");
    Duration least = local.overlookedMax();
    if (options.acceptablePause().compareTo(least) < 0) {
      throw new IllegalArgumentException(
          "acceptablePause: " + options.acceptablePause() + " (expected: >= " + least + ")");
    }
    return new PhiAccrualDetector<>(
        new Watches<>(local, time, () -> new Phi(options, new Gaps(options.window()))));
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

  private static final class Phi implements Judge {
    private final PhiOptions options;
    private final Gaps gaps;

    /** Two gaps that nobody has seen begin the history, a quarter above and below the estimate. */
    Phi(PhiOptions options, Gaps gaps) {
      this.options = options;
      this.gaps = gaps;
      long estimate = options.firstEstimate().toNanos();
      gaps.add(estimate - estimate / 4);
      gaps.add(estimate + estimate / 4);
    }

    @Override
    public void learn(long gapNanos) {
      gaps.add(gapNanos);
    }

    @Override
    public double level(long silenceNanos) {
      double expected = gaps.meanNanos() + (double) options.acceptablePause().toNanos();
      double deviation = Math.max(gaps.stdDevNanos(), (double) options.minStdDev().toNanos());
      return NormalTail.minusLog10((silenceNanos - expected) / deviation);
    }

    @Override
    public boolean isTooMuch(double level) {
      return level >= options.threshold();
    }
  }
}
