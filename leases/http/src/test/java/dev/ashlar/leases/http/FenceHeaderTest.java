package dev.ashlar.leases.http;

import static dev.ashlar.leases.http.Fences.fence;
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
import org.junit.jupiter.api.Test;

/** A fence comes out of its header as it was, or not at all. */
class FenceHeaderTest {

  private static final String TEXT = "1 accounts nightly 7 host-7 n-7";

  private static final String OTHERS =
      """
      UNSUPPORTED_VERSION: x
      UNSUPPORTED_VERSION: 2 accounts nightly 7 host-7 n-7
      UNSUPPORTED_VERSION:  1 accounts nightly 7 host-7 n-7
      TRUNCATED: 1
      TRUNCATED: 1 accounts nightly 7 host-7
      TRAILING_DATA: 1 accounts nightly 7 host-7 n-7 x
      MALFORMED: 1 acc/ounts nightly 7 host-7 n-7
      MALFORMED: 1 accounts  7 host-7 n-7
      INVALID_VALUE: 1 accounts nightly 0 host-7 n-7
      INVALID_VALUE: 1 accounts nightly -7 host-7 n-7
      INVALID_VALUE: 1 accounts nightly 07 host-7 n-7
      INVALID_VALUE: 1 accounts nightly 9223372036854775808 host-7 n-7
      INVALID_VALUE: 1 accounts nightly x host-7 n-7
      """;

  @Test
  void comesOutAsItWas() {
    FenceHeader header = new FenceHeader("accounts", fence(7));

    assertThat(header.text()).isEqualTo(TEXT);
    assertThat(FenceHeader.parse(TEXT)).isEqualTo(header);
  }

  @Test
  void theLongestIsWithinTheLimit() {
    String longest = "x".repeat(64);
    Fence fence =
        new Fence(
            new Contender(new LeaseName(longest), longest, longest),
            new FencingToken(Long.MAX_VALUE));
    FenceHeader header = new FenceHeader(longest, fence);

    assertThat(header.text()).hasSizeLessThanOrEqualTo(FenceHeader.TEXT_MAX);
    assertThat(FenceHeader.parse(header.text())).isEqualTo(header);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FenceHeader("a b", fence))
        .withMessage("resource: 3 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
  }

  @Test
  void otherTextIsRefusedWithAReason() {
    for (String line : OTHERS.lines().toList()) {
      int colon = line.indexOf(": ");
      Reason reason = Reason.valueOf(line.substring(0, colon));
      assertRefused(line.substring(colon + 2), reason);
    }
    assertRefused("", Reason.UNSUPPORTED_VERSION);
    assertRefused(TEXT + " ".repeat(1_000_000), Reason.LIMIT);
  }

  private static void assertRefused(String text, Reason reason) {
    assertThatThrownBy(() -> FenceHeader.parse(text))
        .as(text)
        .isInstanceOfSatisfying(
            MalformedDataException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  /** What a text says is what its header prints, whatever was done to it. */
  @Test
  void noChangedTextIsTakenForAnother() throws Exception {
    Seeds.check(
        2_000,
        (seed, random) -> {
          StringBuilder text = new StringBuilder(TEXT);
          text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
          try {
            assertThat(FenceHeader.parse(text.toString()).text()).isEqualTo(text.toString());
          } catch (MalformedDataException e) {
            assertThat(e.getMessage()).startsWith("ashlar-fence: ");
          }
        });
  }
}
