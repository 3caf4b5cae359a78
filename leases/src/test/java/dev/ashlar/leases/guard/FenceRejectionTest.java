package dev.ashlar.leases.guard;

import static dev.ashlar.leases.guard.Fences.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.FencingToken;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.core.MalformedDataException.Reason;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.leases.Contender;
import dev.ashlar.leases.Fence;
import dev.ashlar.leases.LeaseName;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A rejection travels as text, and comes out of it as it was, or not at all. */
class FenceRejectionTest {

  private static final String TEXT =
      "ashlar-fence-rejection 1 accounts nightly 7 host-7 n-7 8 host-8 n-8";

  private final FenceRejection rejection =
      new FenceRejection("accounts", fence(7), Optional.of(fence(8)));

  @Test
  void saysWhomToTellAndWhatFor() {
    assertThat(rejection.staleOwner()).isEqualTo("host-7");
    assertThat(rejection.lease()).isEqualTo(new LeaseName("nightly"));
  }

  @Test
  void comesOutOfItsTextAsItWas() {
    FenceRejection unclaimed = new FenceRejection("accounts", fence(7), Optional.empty());

    assertThat(rejection.text()).isEqualTo(TEXT);
    assertThat(FenceRejection.parse(TEXT)).isEqualTo(rejection);
    assertThat(FenceRejection.parse(unclaimed.text())).isEqualTo(unclaimed);
  }

  @Test
  void theLongestTextIsWithinTheLimit() {
    String longest = "x".repeat(64);
    Fence fence =
        new Fence(
            new Contender(new LeaseName(longest), longest, longest),
            new FencingToken(Long.MAX_VALUE));
    FenceRejection large = new FenceRejection(longest, fence, Optional.of(fence));

    assertThat(large.text()).hasSizeLessThanOrEqualTo(FenceRejection.TEXT_MAX);
    assertThat(FenceRejection.parse(large.text())).isEqualTo(large);
  }

  private static final String OTHERS =
      """
      UNKNOWN_FORMAT: accounts
      UNKNOWN_FORMAT: fence 1 accounts nightly 7 host-7 n-7
      UNSUPPORTED_VERSION: ashlar-fence-rejection 2 accounts nightly 7 host-7 n-7
      TRUNCATED: ashlar-fence-rejection
      TRUNCATED: ashlar-fence-rejection 1 accounts nightly 7 host-7
      TRUNCATED: ashlar-fence-rejection 1 accounts nightly 7 host-7 n-7 8
      TRAILING_DATA: ashlar-fence-rejection 1 accounts nightly 7 host-7 n-7 8 host-8 n-8 x
      MALFORMED: ashlar-fence-rejection 1 acc/ounts nightly 7 host-7 n-7
      MALFORMED: ashlar-fence-rejection 1 accounts  7 host-7 n-7
      INVALID_VALUE: ashlar-fence-rejection 1 accounts nightly 0 host-7 n-7
      INVALID_VALUE: ashlar-fence-rejection 1 accounts nightly -7 host-7 n-7
      INVALID_VALUE: ashlar-fence-rejection 1 accounts nightly 07 host-7 n-7
      INVALID_VALUE: ashlar-fence-rejection 1 accounts nightly 9223372036854775808 host-7 n-7
      INVALID_VALUE: ashlar-fence-rejection 1 accounts nightly x host-7 n-7
      """;

  @Test
  void otherTextIsRefusedWithAReason() {
    for (String line : OTHERS.lines().toList()) {
      int colon = line.indexOf(": ");
      Reason reason = Reason.valueOf(line.substring(0, colon));
      assertThatThrownBy(() -> FenceRejection.parse(line.substring(colon + 2)))
          .as(line)
          .isInstanceOfSatisfying(
              MalformedDataException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
  }

  @Test
  void aLongTextIsNotEvenLookedAt() {
    assertThatThrownBy(() -> FenceRejection.parse(TEXT + " ".repeat(1_000_000)))
        .isInstanceOfSatisfying(
            MalformedDataException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LIMIT));
  }

  /** What a text says is what its rejection prints, whatever was done to it. */
  @Test
  void noChangedTextIsTakenForAnother() throws Exception {
    Seeds.check(
        2_000,
        (seed, random) -> {
          StringBuilder text = new StringBuilder(TEXT);
          text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
          try {
            FenceRejection read = FenceRejection.parse(text.toString());
            assertThat(read.text()).isEqualTo(text.toString());
          } catch (MalformedDataException e) {
            assertThat(e.getMessage()).startsWith("rejection: ");
          }
        });
  }

  @Test
  void bothNumbersAreOfOneLease() {
    Contender other = new Contender(new LeaseName("weekly"), "host-9", "n-9");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new FenceRejection(
                    "accounts", fence(7), Optional.of(new Fence(other, new FencingToken(9)))))
        .withMessage("floor: lease weekly (expected: nightly, that of presented)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FenceRejection("a b", fence(7), Optional.empty()))
        .withMessage("resource: 3 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
  }
}
