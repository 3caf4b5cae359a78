package dev.ashlar.core.testkit.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkerTest {

  private static final List<Integer> WHOLE = IntStream.range(0, 30).boxed().toList();

  @Test
  void whatIsNeededStaysAndNothingElse() throws Exception {
    Seeds.check(
        200,
        (seed, random) -> {
          List<Integer> needed = WHOLE.stream().filter(number -> random.nextInt(8) == 0).toList();

          assertThat(new Shrinker<Integer>(part -> part.containsAll(needed), 1000).shrink(WHOLE))
              .isEqualTo(needed);
        });
  }

  @Test
  void ofWhatIsLeftNothingCanBeLeftOutWhateverTheTest() throws Exception {
    Seeds.check(
        200,
        (seed, random) -> {
          int modulus = 2 + random.nextInt(5);
          Shrinker.Test<Integer> odd =
              part -> part.stream().mapToInt(number -> number).sum() % modulus == 435 % modulus;

          List<Integer> left = new Shrinker<>(odd, 10_000).shrink(WHOLE);

          assertThat(odd.test(left)).isTrue();
          for (Integer number : left) {
            List<Integer> less = new ArrayList<>(left);
            less.remove(number);
            assertThat(odd.test(less)).isFalse();
          }
        });
  }

  @Test
  void itStopsAtItsLimit() throws Exception {
    AtomicInteger tries = new AtomicInteger();

    List<Integer> left =
        new Shrinker<Integer>(
                part -> {
                  tries.incrementAndGet();
                  return part.size() > 25;
                },
                7)
            .shrink(WHOLE);

    assertThat(tries).hasValue(7);
    assertThat(left).hasSizeBetween(26, 30);
  }
}
