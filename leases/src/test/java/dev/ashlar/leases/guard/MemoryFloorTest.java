package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Advice;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.testkit.ManualTime;
import dev.ashlar.leases.guard.MemoryFloor.Transaction;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What transactions of a floor in memory may and may not do. */
class MemoryFloorTest {

  private final ManualTime time = ManualTime.create();
  private final MemoryFloor floor = MemoryFloor.of(time);
  private final Deadline over = Deadline.after(Duration.ZERO, time);

  private void claim(long token) throws InterruptedException {
    assertThat(floor.raise("accounts", fence(token), over)).isEqualTo(new Standing.Level());
  }

  @Test
  void whoWasRejectedHoldsUpNobody() throws Exception {
    claim(8);
    try (Transaction stale = floor.begin()) {
      assertThat(floor.check(stale, "accounts", fence(7)))
          .isEqualTo(new Standing.Differs(Optional.of(fence(8))));

      claim(9);
    }
  }

  /** Its end would be told to the other floor, so here nobody would wait for it. */
  @Test
  void aTransactionIsOfOneFloor() throws Exception {
    claim(7);
    try (Transaction foreign = MemoryFloor.of(time).begin()) {
      assertThatIllegalStateException()
          .isThrownBy(() -> floor.check(foreign, "accounts", fence(7)))
          .withMessage("tx: of another floor (expected: of this one)");
    }
  }

  @Test
  void aTransactionThatHasEndedIsNotCheckedAgain() throws Exception {
    claim(7);
    Transaction ended = floor.begin();
    ended.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> floor.check(ended, "accounts", fence(7)))
        .withMessage("tx: over (expected: a new one)");
    claim(8);
  }

  @Test
  void aFloorThatIsFullSaysThatItStaysSo() throws Exception {
    for (int i = 0; i < MemoryFloor.RESOURCES_MAX; i++) {
      floor.raise("account-" + i, fence(7), over);
    }

    assertThat(floor.raise("account", fence(7), over))
        .isInstanceOfSatisfying(
            Standing.Unknown.class,
            unknown -> assertThat(unknown.failure().advice()).isEqualTo(new Advice.Permanent()));
  }
}
