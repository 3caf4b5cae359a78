package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LossCause;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** What somebody sees of a lease by looking at it again and again, until it is lost. */
final class LastTurn {

  /** Who looks more seldom than this may miss a state that lasts for a quarter of a term. */
  private static final Duration GAP_MAX = Duration.ofMillis(500);

  private final Lease lease;
  private final TimeSource time;

  // Guarded by this.
  private final Set<LeaseState> seen = EnumSet.noneOf(LeaseState.class);
  private boolean over;
  private long lookedNanos;
  private Duration longestGap = Duration.ZERO;
  private long endNanos;

  LastTurn(Lease lease, TimeSource time) {
    this.lease = lease;
    this.time = time;
    this.lookedNanos = time.nanos();
    this.endNanos = lookedNanos;
  }

  Lease lease() {
    return lease;
  }

  synchronized void look() {
    long nowNanos = time.nanos();
    Duration gap = Duration.ofNanos(nowNanos - lookedNanos);
    longestGap = gap.compareTo(longestGap) > 0 ? gap : longestGap;
    lookedNanos = nowNanos;
    seen.add(lease.state());
    Duration remaining = lease.remaining();
    if (!remaining.isZero()) {
      // Not later than what the lease itself takes for its end.
      endNanos = nowNanos + remaining.toNanos();
    }
  }

  synchronized void end() {
    look();
    over = true;
  }

  synchronized boolean isOver() {
    return over;
  }

  /**
   * Asserts that the holder doubted and then gave up by its own clock, no later than a term after
   * the last moment at which a request can have been confirmed.
   */
  synchronized void assertGaveUpByItself(long lastConfirmedNanos, Duration term) {
    assertThat(lease.state()).isEqualTo(LeaseState.LOST);
    assertThat(lease.lossCause()).contains(LossCause.DEADLINE);
    assertThat(Duration.ofNanos(endNanos - lastConfirmedNanos)).isLessThanOrEqualTo(term);
    if (longestGap.compareTo(GAP_MAX) < 0) {
      assertThat(seen).containsExactly(LeaseState.HELD, LeaseState.SUSPECT, LeaseState.LOST);
    }
  }
}
