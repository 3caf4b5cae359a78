package dev.ashlar.messaging.log;

import static java.util.Objects.requireNonNull;

import dev.ashlar.messaging.Message;
import java.time.Instant;

/**
 * A message at its place in a log.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param position where it is
 * @param message what was appended
 * @param appendedAt when, by the log's wall clock; never earlier than that of the record before it
 */
public record LogRecord(Position position, Message message, Instant appendedAt) {

  /** Checks the parts. */
  public LogRecord {
    requireNonNull(position, "position");
    requireNonNull(message, "message");
    requireNonNull(appendedAt, "appendedAt");
  }
}
