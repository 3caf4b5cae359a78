package dev.ashlar.core.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MonotonicNumbersTest {

  @Test
  void numbersThatGoUpAreGood() {
    MonotonicNumbers tokens = MonotonicNumbers.increasing("token of a grant");
    tokens.add("x", "a", 3);
    tokens.add("x", "b", 9);
    tokens.add("y", "a", 1);

    assertThat(tokens.violation()).isEmpty();
    tokens.orThrow();
  }

  @Test
  void aCallIsSeenFromItsBeginningToItsEnd() {
    // [doc:MonotonicNumbers]
    MonotonicNumbers tokens = MonotonicNumbers.increasing("token of a grant");
    tokens.add("nightly", "host-a", 7);
    long began = tokens.begin();
    long token = grantedTo("host-b");
    tokens.add(began, "nightly", "host-b", token);
    tokens.orThrow();
    // [/doc]
    tokens.add("nightly", "host-a", 7);
    assertThat(tokens.violation()).isPresent();
  }

  private static long grantedTo(String host) {
    return 2L + host.length();
  }

  @Test
  void aNumberThatFellIsNamedWithTheOneBefore() {
    MonotonicNumbers floors = MonotonicNumbers.neverFalling("floor");
    floors.add("account", "a", 3);
    floors.add("account", "b", 9);
    floors.add("account", "c", 9);
    floors.add("account", "a", 4);

    assertThat(floors.violation())
        .hasValue("floor of account: 4 by a after 9 by b (expected: at least 9)");
    assertThatThrownBy(floors::orThrow)
        .isInstanceOf(AssertionError.class)
        .hasMessageStartingWith("floor of account");
  }

  @Test
  void aTokenThatWasGivenTwiceIsAViolationAlsoAtOnce() {
    MonotonicNumbers tokens = MonotonicNumbers.increasing("token");
    long one = tokens.begin();
    long other = tokens.begin();
    tokens.add(one, "x", "a", 5);
    tokens.add(other, "x", "b", 5);

    assertThat(tokens.violation()).hasValue("token of x: 5 by b after 5 by a (expected: above 5)");
  }

  @Test
  void whatOverlapsHasNoOrder() {
    MonotonicNumbers tokens = MonotonicNumbers.increasing("token");
    long slow = tokens.begin();
    tokens.add("x", "b", 6);
    tokens.add(slow, "x", "a", 5);

    assertThat(tokens.violation()).isEmpty();
  }

  @Test
  void itSaysWhatLookingAtAllPairsSays() throws Exception {
    Seeds.check(
        2000,
        (seed, random) -> {
          boolean strictly = random.nextBoolean();
          MonotonicNumbers numbers =
              strictly ? MonotonicNumbers.increasing("n") : MonotonicNumbers.neverFalling("n");
          List<long[]> open = new ArrayList<>();
          List<long[]> all = new ArrayList<>();
          long moment = 0;
          for (int i = 0; i < 8 || !open.isEmpty(); i++) {
            if (i < 8 && random.nextBoolean()) {
              open.add(new long[] {numbers.begin(), 0, 0});
              moment++;
            } else if (!open.isEmpty()) {
              long[] ended = open.remove(random.nextInt(open.size()));
              ended[1] = ++moment;
              ended[2] = moment / 2 + random.nextInt(4);
              numbers.add(ended[0], "x", "a", ended[2]);
              all.add(ended);
            }
          }

          assertThat(numbers.violation().isPresent()).isEqualTo(anyPair(all, strictly));
        });
  }

  private static boolean anyPair(List<long[]> all, boolean strictly) {
    for (long[] one : all) {
      for (long[] other : all) {
        if ((one[1] < other[0] && one[2] > other[2])
            || (strictly && one != other && one[2] == other[2])) {
          return true;
        }
      }
    }
    return false;
  }
}
