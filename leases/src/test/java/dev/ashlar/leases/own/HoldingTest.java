package dev.ashlar.leases.own;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Lease;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import dev.ashlar.leases.own.Holding.Order;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a node does about one partition when it is told the time and what happened. */
class HoldingTest {

  private static final long DRAIN = 5;

  private final ManualTime time = ManualTime.create();
  private final Leases leases =
      Leases.of(
          MemoryLeaseStore.of(time),
          LeaseOptions.of("host-1", Seeds.random(Seeds.next())),
          IdSource.of(TimeSource.system(), Seeds.random(Seeds.next())),
          time,
          Observer.none());
  private final Holding holding = new Holding("0", DRAIN, 0);

  @AfterEach
  void closeLeases() {
    leases.close();
  }

  private Lease lease() throws InterruptedException {
    Deadline soon = Deadline.after(Duration.ofSeconds(1), time);
    return leases.tryAcquire(new LeaseName("orders.0"), soon).lease().orElseThrow();
  }

  @Test
  void whatIsNotWantedAnyMoreIsCalledOffOnce() throws Exception {
    holding.want(true, 0);
    assertThat(holding.order(0, false)).isEqualTo(Order.TAKE);
    assertThat(holding.order(0, false)).isEqualTo(Order.NOTHING);

    holding.want(false, 0);

    assertThat(holding.order(0, false)).isEqualTo(Order.CALL_OFF);
    assertThat(holding.order(0, false)).isEqualTo(Order.NOTHING);
    assertThat(holding.granted(lease())).isFalse();
  }

  /** It was called off too late, and then wanted again. */
  @Test
  void whatWasCalledOffInVainIsStoppedWhenItIsLost() throws Exception {
    holding.want(true, 0);
    assertThat(holding.order(0, false)).isEqualTo(Order.TAKE);
    holding.want(false, 0);
    assertThat(holding.order(0, false)).isEqualTo(Order.CALL_OFF);
    holding.want(true, 0);

    assertThat(holding.granted(lease())).isTrue();

    assertThat(holding.order(0, true)).isEqualTo(Order.NOTHING);
    assertThat(holding.order(0, false)).isEqualTo(Order.STOP);
    assertThat(holding.order(0, false)).isEqualTo(Order.NOTHING);
  }

  /** A list of members that changes to and fro while this node begins. */
  @Test
  void aBeginningHasNoEndWhileItIsWanted() throws Exception {
    holding.want(true, 0);
    assertThat(holding.order(0, false)).isEqualTo(Order.TAKE);
    assertThat(holding.granted(lease())).isTrue();

    holding.want(false, 0);
    holding.want(false, 3);
    assertThat(holding.order(DRAIN - 1, true)).isEqualTo(Order.NOTHING);
    holding.want(true, DRAIN - 1);
    assertThat(holding.order(DRAIN, true)).isEqualTo(Order.NOTHING);
    holding.want(false, DRAIN);
    assertThat(holding.order(2 * DRAIN, true)).isEqualTo(Order.LET_GO);
    assertThat(holding.owned()).isEmpty();
  }
}
