package dev.ashlar.leases.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.guard.TokenRegressionException;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An ensemble that was set up anew counts from the beginning: LEASE-49, and the way back. */
@Tag("engine")
class ZooKeeperResetTest {

  private static final TimeSource TIME = TimeSource.system();
  private static final IdSource IDS = IdSource.of(TIME, Seeds.random(Seeds.next()));
  private static final Duration TERM = Duration.ofSeconds(20);
  private static final int SESSION_MILLIS = 30_000;

  private final LeaseName name = new LeaseName("lease-" + IDS.text());
  private final MemoryFloor floor = MemoryFloor.of(TIME);
  private final Guard<MemoryFloor.Transaction> guard = Guard.over(floor, Observer.none());

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(20), TIME);
  }

  private static ClosingStore process(Server server) throws InterruptedException {
    return ClosingStore.open(server.client(SESSION_MILLIS), TIME, Observer.none());
  }

  private Leases leases(LeaseStore store) {
    LeaseOptions options = LeaseOptions.of("holder", Seeds.random(Seeds.next())).withTerm(TERM);
    return Leases.of(store, options, IDS, TIME, Observer.none());
  }

  /** Takes the lease some times, so that numbers grow, and claims with the last one. */
  private FencingToken claimed(LeaseStore store) throws InterruptedException {
    try (Leases leases = leases(store)) {
      for (int i = 0; i < 20; i++) {
        leases.acquire(name, soon()).lease().orElseThrow().close();
      }
      Lease lease = leases.acquire(name, soon()).lease().orElseThrow();
      assertThat(guard.claim("resource", lease, soon())).isInstanceOf(Fenced.Accepted.class);
      return lease.token();
    }
  }

  @Test
  void numbersThatBeganAgainAreNoticedAndRaised() throws Exception {
    try (Server server = Server.start()) {
      FencingToken last;
      try (ClosingStore before = process(server)) {
        last = claimed(before);
      }
      server.restartWithoutData();

      try (ClosingStore anew = process(server);
          Leases leases = leases(anew)) {
        Lease lease = leases.acquire(name, soon()).lease().orElseThrow();
        assertThat(lease.token()).isLessThan(last);
        assertThatExceptionOfType(TokenRegressionException.class)
            .isThrownBy(() -> guard.claim("resource", lease, soon()));
      }

      try (ClosingStore process = process(server);
          ZooKeeperLeaseStore raised = process.store().withTokensAbove(last.value())) {
        assertThat(claimed(raised)).isGreaterThan(last);
        try (Leases leases = leases(raised)) {
          Lease lease = leases.acquire(name, soon()).lease().orElseThrow();
          assertThat(lease.confirm(soon())).isEqualTo(LeaseState.HELD);
          assertThat(raised.withTokensAbove(1).inspect(name, soon()).toString())
              .contains("value=" + lease.token().value());
        }
      }
    }
  }

  @Test
  void thereIsRoomAboveTheRaisedNumbers() throws Exception {
    try (ClosingStore process = process(Server.shared())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> process.store().withTokensAbove(-1))
          .withMessage("value: -1 (expected: 0 to 4611686018427387904)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> process.store().withTokensAbove((1L << 62) + 1));
    }
  }
}
