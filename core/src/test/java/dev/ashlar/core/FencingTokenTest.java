package dev.ashlar.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FencingTokenTest {

  @Test
  void tokensCompareAsNumbersAndNotAsText() {
    assertThat(new FencingToken(10)).isGreaterThan(new FencingToken(9));
    assertThat(new FencingToken(Long.MAX_VALUE)).isGreaterThan(new FencingToken(1));
  }

  @Test
  void aTokenBelowOneIsRefusedWithItsBound() {
    assertThatThrownBy(() -> new FencingToken(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("value: 0 (expected: >= 1)");
  }
}
