package dev.ashlar.core.testkit;

import java.util.Locale;

/** How a test ended, and why if it did not pass. */
record Result(Status status, String reason) {

  /** Returns the one that weighs more; the first of two that weigh the same. */
  Result worse(Result other) {
    return other.status.compareTo(status) > 0 ? other : this;
  }

  /** From what weighs least to what weighs most. */
  enum Status {
    PASSED,
    SKIPPED,
    FAILED;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
