package dev.ashlar.examples.shop.service;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.messaging.MessageQueue;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * What one service has to work with, from its start to its end.
 *
 * @param service which service
 * @param database the service's own database, to which nobody else connects
 * @param comesAgainWithin how long after its first time the same thing can be asked again
 * @param out the queues of those whom it tells
 * @param payment the way to payment, for the one service that calls it
 * @param steps is told how far the handling of an order has come
 * @param observer sees what the service does
 * @param time the clocks
 * @param random spreads retries
 * @param ids makes the ids of handlings
 */
public record Site(
    Service service,
    DataSource database,
    Duration comesAgainWithin,
    Map<Service, MessageQueue> out,
    Optional<Door> payment,
    Step.Listener steps,
    Observer observer,
    TimeSource time,
    RandomGenerator random,
    IdSource ids) {

  /** Copies the map. */
  public Site {
    out = Map.copyOf(out);
  }

  /** Returns the queue of a service that this one tells. */
  public MessageQueue queueOf(Service other) {
    MessageQueue queue = out.get(other);
    if (queue == null) {
      throw new IllegalArgumentException(
          "other: " + other.label() + " (expected: one of " + service.tells() + ")");
    }
    return queue;
  }
}
