package dev.ashlar.messaging.jdbc;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Delivery;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.Settlement;
import java.time.Duration;
import java.util.Optional;

/**
 * A claimed row as a delivery; the row's epoch is its right to settle.
 *
 * <p><b>Threads.</b> Safe; of two settlements the database takes one.
 */
record JdbcDelivery(JdbcQueue queue, Claimed row) implements Delivery {

  @Override
  public Message message() {
    return row.stored().message();
  }

  @Override
  public int attempt() {
    return row.attempts();
  }

  @Override
  public Optional<Duration> timeToLive() {
    return row.timeToLive();
  }

  @Override
  public Settlement settle(Outcome outcome, Deadline deadline) throws InterruptedException {
    return queue.settle(row, outcome, deadline);
  }

  @Override
  public Settlement release(Deadline deadline) throws InterruptedException {
    return queue.release(row, deadline);
  }

  @Override
  public Settlement renew(Deadline deadline) throws InterruptedException {
    return queue.renew(row, deadline);
  }

  @Override
  public String toString() {
    return "JdbcDelivery[" + message() + ", attempt " + attempt() + "]";
  }
}
