package dev.ashlar.leases.keep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Answer;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Grant;
import dev.ashlar.leases.LeaseName;
import dev.ashlar.leases.LeaseState;
import dev.ashlar.leases.MemoryLeaseStore;
import dev.ashlar.leases.ReleaseOutcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RenewalsTest {

  private static final IdSource IDS = IdSource.of(TimeSource.system(), Seeds.random(Seeds.next()));

  private final ManualTime time = ManualTime.create();
  private final MemoryLeaseStore store = MemoryLeaseStore.of(time);
  private final LeaseOptions options = LeaseOptions.of("host-1", Seeds.random(Seeds.next()));
  private final Keeping keeping = new Keeping(store, options, time, Observer.none());
  private final Renewals renewals = new Renewals(keeping, 10);

  private Deadline soon() {
    return Deadline.after(Duration.ofMinutes(1), time);
  }

  private KeptLease kept(String name) throws InterruptedException {
    Contender contender = Contender.of(new LeaseName(name), "host-1", IDS);
    Answer<Grant> answer = store.grant(contender, options.askedTerm(), soon());
    Grant grant = ((Answer.Done<Grant>) answer).value();
    KeptLease lease = new KeptLease(keeping, renewals, grant, time.nanos(), renewals.pauses());
    renewals.add(lease);
    return lease;
  }

  /** A pair takes a fraction of a millisecond, and its lease would be looked at seconds later. */
  @Test
  void leasesThatCameAndWentLeaveLittleBehindAndThoseThatStayAreLookedAt() throws Exception {
    KeptLease stays = kept("stays");
    int most = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(kept("goes").release(soon())).isEqualTo(ReleaseOutcome.RELEASED);
      most = Math.max(most, renewals.noted());
    }

    assertThat(most).isBetween(1000, 1010);
    assertThat(renewals.all()).containsExactly(stays);
    time.pause(Duration.ofMinutes(1));
    time.advance(Duration.ofSeconds(1));
    assertThat(stays.state()).isEqualTo(LeaseState.LOST);
    assertThat(renewals.size()).isZero();
    renewals.stop();
  }
}
