package dev.ashlar.messaging.log;

import java.util.Optional;

/** One record on its way through a consumer. */
final class Work {

  final Held held;
  final LogRecord entry;

  /** Counts from 1 once it was handed out. */
  int attempt;

  /** Why it is poison, once it is; then it is no longer handed to the handler. */
  Optional<String> poison = Optional.empty();

  /** Whether somebody has taken it. */
  boolean running;

  /** When it is due again, elapsed. */
  long dueNanos;

  Work(Held held, LogRecord entry) {
    this.held = held;
    this.entry = entry;
  }

  /**
   * Records of one lane are handled one after the other; without a key each has its own, named by
   * what no key can be.
   */
  Lane lane() {
    return new Lane(held, entry.message().key().orElseGet(() -> "\n" + entry.position().token()));
  }

  /** What must stay in order: one key in one epoch of a partition. */
  record Lane(Held held, String key) {}
}
