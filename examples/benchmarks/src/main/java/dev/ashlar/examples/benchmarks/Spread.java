package dev.ashlar.examples.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * The middle and the ends of some figures.
 *
 * @param median the mean of the two in the middle where there is no middle one
 * @param least the smallest
 * @param most the largest
 */
record Spread(double median, double least, double most) {

  static Spread of(List<Double> figures) {
    if (figures.isEmpty()) {
      throw new IllegalArgumentException("figures: none (expected: at least one)");
    }
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** Median (least to most), each with three digits. */
  String text() {
    return short3(median) + " (" + short3(least) + " to " + short3(most) + ")";
  }

  /** Three digits that count, with k or M for what is large. */
  static String short3(double value) {
    if (value >= 999_500) {
      return digits(value / 1_000_000) + " M";
    }
    return value >= 9_995 ? digits(value / 1_000) + " k" : digits(value);
  }

  private static String digits(double value) {
    String form = value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
