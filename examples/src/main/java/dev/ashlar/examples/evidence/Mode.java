package dev.ashlar.examples.evidence;

import java.util.Arrays;
import java.util.Locale;

/** Which tests the build ran, and so what can be demanded of it. */
enum Mode {
  /** All tests that this machine can run. */
  FULL,
  /** No engines and no containers; nothing is demanded of subjects that are engines. */
  QUICK,
  /** Only the tests that need containers; each must have run and passed. */
  CONTAINERS;

  static Mode of(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "mode: " + text + " (expected: one of " + Arrays.toString(values()) + ")"));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
