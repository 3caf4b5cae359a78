package dev.ashlar.messaging.log;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;

/**
 * Reads one partition from some place on, for itself: it belongs to no group and commits nothing.
 *
 * <p><b>Guarantees.</b> Records come in the order of the partition, each once (LOG-1, LOG-7). What
 * an engine keeps open underneath may expire; the reader then opens it again behind the last record
 * that it returned (LOG-14). What retention has removed is never skipped silently (LOG-11).
 *
 * <p><b>Failures.</b> {@link BackendException}; reading again is safe and goes on where the last
 * answer ended.
 *
 * <p><b>Threads.</b> Safe for one at a time.
 */
public interface LogReader extends AutoCloseable {

  /** Returns the partition that is read. */
  String partition();

  /**
   * Reads on, waiting for the first record until the deadline. A deadline that has come already
   * reads what is there.
   *
   * @param most how many at most, 1 to {@value EventLog#BATCH_MAX}
   */
  ReadResult read(int most, Deadline deadline) throws InterruptedException;

  /** Lets go of what the engine keeps open. */
  @Override
  void close();
}
