package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IdSourceTest {

  private final SetTime time = new SetTime(0);
  private final IdSource ids = IdSource.of(time, new SplittableRandom(1));

  @Test
  void anIdIsTwentySixCharactersOfCrockfordsBase32() {
    for (int i = 0; i < 1000; i++) {
      assertThat(ids.text()).matches("[0-7][0-9A-HJKMNP-TV-Z]{25}");
      time.advance(Duration.ofNanos(300_000));
    }
  }

  @Test
  void theLayoutIsThatOfUlid() {
    time.wall = Instant.ofEpochMilli(1_469_918_176_385L);
    RandomGenerator ones = () -> -1L;

    assertThat(IdSource.of(time, ones).text()).isEqualTo("01ARYZ6S41" + "Z".repeat(16));
  }

  @Test
  void idsIncreaseWhileTheClockStandsStill() {
    assertIncreasing(() -> {});
  }

  @Test
  void idsIncreaseWhileTheClockGoesBack() {
    assertIncreasing(() -> time.wall = time.wall.minusMillis(7));
  }

  @Test
  void idsIncreaseWhileTheClockGoesOn() {
    assertIncreasing(() -> time.wall = time.wall.plusMillis(1));
  }

  @Test
  void anIdWhoseRandomBitsAreUsedUpBorrowsTheNextMillisecond() {
    time.wall = Instant.ofEpochMilli(1);
    IdSource last = IdSource.of(time, () -> -1L);

    assertThat(last.text()).isEqualTo("0000000001" + "Z".repeat(16));
    assertThat(last.text()).isEqualTo("0000000002" + "0".repeat(16));
  }

  private void assertIncreasing(Runnable between) {
    String before = ids.text();
    for (int i = 0; i < 10_000; i++) {
      between.run();
      String next = ids.text();
      assertThat(next).isGreaterThan(before);
      before = next;
    }
  }

  @Test
  void manyThreadsGetDifferentIdsEachInIncreasingOrder() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<String>>> futures = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        futures.add(pool.submit(() -> some(5000)));
      }
      Set<String> all = new HashSet<>();
      for (Future<List<String>> future : futures) {
        assertThat(future.get()).isSorted();
        all.addAll(future.get());
      }
      assertThat(all).hasSize(40_000);
    } finally {
      pool.shutdownNow();
    }
  }

  private List<String> some(int n) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      made.add(ids.text());
    }
    return made;
  }

  @Test
  void anIdFromOutsideIsTakenOnlyWhereItIsSafeInALogLine() {
    assertThat(CorrelationId.parse("A.b_c-9")).contains(new CorrelationId("A.b_c-9"));
    assertThat(RequestId.parse("x".repeat(64))).isPresent();
    for (String text : List.of("", "x".repeat(65), "a b", "a\nb", "ä", "a/b", "a;b", "a=b")) {
      assertThat(CorrelationId.parse(text)).isEmpty();
      assertThat(RequestId.parse(text)).isEmpty();
    }
  }

  @Test
  void aRefusedIdDoesNotShowItsText() {
    assertThatThrownBy(() -> new CorrelationId("secret text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value: 11 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
  }
}
