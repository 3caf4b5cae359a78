package dev.ashlar.core;

import java.util.Optional;

/**
 * The id of everything that is done for one request of one client.
 *
 * <p>It is born at the edge and never changes: through calls, retries, queues, replays and the job
 * of the next day. It is not a trace id, which may start anew and may be dropped by sampling.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 . _ -}, so that it is safe in a log line, a header and
 *     a file name
 */
public record CorrelationId(String value) {

  /** Checks the text. */
  public CorrelationId {
    IdSource.check(value);
  }

  /** Returns the id that a text from outside stands for; empty if it is not well-formed. */
  public static Optional<CorrelationId> parse(String text) {
    return IdSource.isWellFormed(text) ? Optional.of(new CorrelationId(text)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
