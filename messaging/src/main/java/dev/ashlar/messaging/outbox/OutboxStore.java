package dev.ashlar.messaging.outbox;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an {@link OutboxRelay} needs of the database that holds an outbox.
 *
 * <p>One relay at a time has the turn. A relay that was paused beyond its turn and wakes up may
 * send a row that its successor has sent already, with the same id; it can change nothing in the
 * store.
 *
 * <p><b>Guarantees.</b> Each call is a transaction of its own, and none is open while the relay
 * talks to a broker (OUTBOX-11). A row that a transaction committed late, with a number below those
 * already sent, is due like any other (OUTBOX-7).
 *
 * <p><b>Failures.</b> {@link BackendException}; each call may be made again.
 *
 * <p><b>Threads.</b> Safe.
 */
public interface OutboxStore {

  /**
   * Takes or keeps the turn.
   *
   * @param relay who asks; unique to one running relay
   * @param term for how long, by the store's clock, from when the store answers
   * @return the turn, or empty while another relay has it
   */
  Optional<Turn> takeTurn(String relay, Duration term, Deadline deadline)
      throws InterruptedException;

  /** Gives the turn back early. */
  void giveBack(Turn turn, Deadline deadline) throws InterruptedException;

  /**
   * Returns committed rows to send, oldest first. Rows behind one that failed, waits or is parked,
   * of the same destination and key, are not among them. A row that cannot be read is parked on the
   * way.
   *
   * @param most how many at most
   */
  List<OutboxRow> due(Turn turn, int most, Deadline deadline) throws InterruptedException;

  /**
   * Notes that rows were sent.
   *
   * @return {@code false} if the turn was over: nothing was noted, and somebody else sends them
   *     again
   */
  boolean sent(Turn turn, List<Long> numbers, Deadline deadline) throws InterruptedException;

  /**
   * Notes that sending a row failed.
   *
   * @param retryAfter when it is due again; empty parks it until an operator decides
   * @return {@code false} if the turn was over
   */
  boolean failed(
      Turn turn, long number, String cause, Optional<Duration> retryAfter, Deadline deadline)
      throws InterruptedException;

  /**
   * Removes rows that were sent longer ago than the retention; never others (OUTBOX-10).
   *
   * @param most how many at most
   * @return how many were removed
   */
  int cleanUp(int most, Deadline deadline) throws InterruptedException;

  /**
   * A relay's right to send.
   *
   * @param relay who has it
   * @param epoch rises with each new holder
   */
  record Turn(String relay, long epoch) {}
}
