package dev.ashlar.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("latencies")
class LatenciesTest {

  @Test
  void aPartOfThemIsFoundWithinAThirtySecond() {
    Latencies latencies = new Latencies();
    for (int micros = 1; micros <= 1000; micros++) {
      latencies.add(micros * 1000L);
    }
    assertThat(latencies.micros(0.5)).isCloseTo(500, within(500.0 / 32));
    assertThat(latencies.micros(0.99)).isCloseTo(990, within(990.0 / 32));
    assertThat(latencies.micros(1)).isCloseTo(1000, within(1000.0 / 32));
  }

  @Test
  void anyLengthHasABucket() {
    for (int bits = 0; bits < 63; bits++) {
      Latencies one = new Latencies();
      long nanos = 1L << bits;
      one.add(nanos);
      assertThat(one.micros(0.5)).as("%s ns", nanos).isEqualTo(nanos / 1000.0);
    }
  }

  @Test
  void severalThreadsAreAddedUp() {
    Latencies all = new Latencies();
    Latencies one = new Latencies();
    all.add(1000);
    one.add(65_536);
    all.addAll(one);
    assertThat(all.count()).isEqualTo(2);
    assertThat(all.micros(1)).isEqualTo(65.536);
    assertThat(new Latencies().micros(0.5)).isZero();
  }
}
