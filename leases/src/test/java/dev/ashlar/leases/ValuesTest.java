package dev.ashlar.leases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ashlar.core.Deadline;
import dev.ashlar.core.FencingToken;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.Guarantees.TokenStrength;
import dev.ashlar.leases.guard.FenceRejection;
import dev.ashlar.leases.guard.Fenced;
import dev.ashlar.leases.guard.MemoryFloor;
import dev.ashlar.leases.keep.LeaseOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the values refuse, and in which words. */
class ValuesTest {

  private static final TimeSource TIME = TimeSource.system();
  private final Contender contender = new Contender(new LeaseName("nightly"), "host-1", "n-1");
  private final Fence fence = new Fence(contender, new FencingToken(7));

  @Test
  void namesAreShortAndPlain() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LeaseName("a/b"))
        .withMessage("value: 3 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Contender(contender.lease(), "", "n"))
        .withMessageStartingWith("owner: 0 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Contender(contender.lease(), "o", "n".repeat(65)))
        .withMessageStartingWith("nonce: 65 characters");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MemoryFloor.of(TIME)
                    .raise("a b", fence, Deadline.after(Duration.ofSeconds(1), TIME)))
        .withMessageStartingWith("resource: 3 characters");
  }

  @Test
  void optionsHaveBounds() {
    LeaseOptions options = LeaseOptions.of("host-1", new SplittableRandom(1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withTerm(Duration.ofMillis(999)))
        .withMessage("term: PT0.999S (expected: PT1S to PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withDriftBound(0.3))
        .withMessage("driftBound: 0.3 (expected: 0 to 0.2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withPollEvery(Duration.ZERO))
        .withMessageStartingWith("pollEvery: PT0S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> options.withDrainMax(Duration.ofDays(2)))
        .withMessageStartingWith("drainMax: PT48H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Grant(fence, Duration.ofNanos(-1)))
        .withMessageStartingWith("term: ");
  }

  @Test
  void whoNeedsStrictNumbersSaysSoAtStartUp() {
    LeaseStore store = MemoryLeaseStore.of(TIME);

    assertThatIllegalStateException()
        .isThrownBy(() -> store.guarantees().requireTokens(TokenStrength.STRICT))
        .withMessage("tokens: UNTIL_RESET (expected: STRICT)");
    assertThatCode(() -> store.guarantees().requireTokens(TokenStrength.BEST_EFFORT))
        .doesNotThrowAnyException();
  }

  @Test
  void aRejectionIsOneSentence() {
    Fence later = new Fence(new Contender(contender.lease(), "host-2", "n-2"), new FencingToken(8));
    FenceRejection rejection = new FenceRejection("accounts", fence, Optional.of(later));

    assertThat(rejection.describe())
        .isEqualTo("accounts: token 7 of host-1 refused, claimed by token 8 of host-2");
    assertThatIllegalStateException()
        .isThrownBy(() -> new Fenced.Rejected<>(rejection).orThrow())
        .withMessage(rejection.describe());
    assertThat(new FenceRejection("accounts", fence, Optional.empty()).describe())
        .endsWith("claimed by nobody");
    assertThatIllegalStateException()
        .isThrownBy(() -> new Fenced.NotHeld<>(LeaseState.LOST).orThrow())
        .withMessage("lease: LOST (expected: held)");
    assertThat(new Fenced.Accepted<>("done").orThrow()).isEqualTo("done");
  }

  @Test
  void aResourceIsClaimedUnderOneLease() throws Exception {
    MemoryFloor floor = MemoryFloor.of(TIME);
    Deadline deadline = Deadline.after(Duration.ofSeconds(1), TIME);
    floor.raise("accounts", fence, deadline);
    Contender other = new Contender(new LeaseName("weekly"), "host-1", "n-2");

    assertThatIllegalStateException()
        .isThrownBy(() -> floor.raise("accounts", new Fence(other, new FencingToken(9)), deadline))
        .withMessage("accounts: lease weekly (expected: nightly, under which it was claimed)");
  }
}
