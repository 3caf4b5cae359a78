package dev.ashlar.leases.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class NormalTailTest {

  /** Values of the tail from tables, as probabilities. */
  @Test
  void itAgreesWithTables() {
    double[][] tail = {
      {0, 0.5},
      {0.5, 0.308537538725987},
      {1, 0.158655253931457},
      {2, 0.0227501319481792},
      {3, 0.00134989803163010},
      {4, 3.16712418331199e-5},
      {6, 9.86587645037698e-10},
      {8, 6.22096057427179e-16},
      {10, 7.61985302416053e-24},
      {20, 2.75362411860623e-89},
      {37, 5.72557122252458e-300},
    };
    for (double[] pair : tail) {
      double expected = -Math.log10(pair[1]);
      assertThat(NormalTail.minusLog10(pair[0])).isCloseTo(expected, within(1e-11 * expected));
      double below = -Math.log1p(-pair[1]) / Math.log(10);
      assertThat(NormalTail.minusLog10(-pair[0])).isCloseTo(below, within(1e-11 * below));
    }
  }

  @Test
  void itIsFiniteAndNeverFalls() {
    double last = 0;
    for (double y = -60; y < 60; y += 1e-4) {
      double next = NormalTail.minusLog10(y);
      assertThat(next).isFinite().isGreaterThanOrEqualTo(last);
      last = next;
    }
    for (double y : new double[] {1e3, 1e9, 1e18, 1e150, 1e300, Double.MAX_VALUE}) {
      double next = NormalTail.minusLog10(y);
      assertThat(next).isFinite().isGreaterThanOrEqualTo(last);
      last = next;
    }
    assertThat(NormalTail.minusLog10(-Double.MAX_VALUE)).isZero();
  }

  /** Where the series ends and the fraction begins, steps of a hundred-millionth still go up. */
  @Test
  void itHasNoStepWhereTheFormulaChanges() {
    double last = 0;
    for (double y = 3 - 1e-5; y < 3 + 1e-5; y += 1e-8) {
      double next = NormalTail.minusLog10(y);
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }
}
