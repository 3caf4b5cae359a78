package dev.ashlar.core.testkit.listed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import org.junit.jupiter.api.Test;

/** A contract beside a list that has every mistake a list can have. */
abstract class CounterContract extends Contract {

  @Test
  @Proves("L-1")
  void adds() {
    assertThat(1 + 1).isEqualTo(2);
  }

  @Test
  @Proves(value = "L-2", guarantee = "durable")
  void forgetsNothing() {
    assertThat(1 + 1).isEqualTo(2);
  }

  @Test
  @Proves("L-9")
  void provesWhatAnotherKitLists() {
    assertThat(1 + 1).isEqualTo(2);
  }
}
