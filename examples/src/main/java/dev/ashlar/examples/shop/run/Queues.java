package dev.ashlar.examples.shop.run;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultLog;
import dev.ashlar.examples.shop.fault.FaultyQueue;
import dev.ashlar.examples.shop.fault.Schedule;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.QueueOptions;
import dev.ashlar.messaging.jdbc.JdbcQueue;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The queues between the services, as somebody connected to the broker sees them.
 *
 * <p><b>Limits.</b> What waits for a service is bounded, so that a fast service waits for a slow
 * one. The visibility is short, because it is what the messages of a service that died wait for;
 * attempts are many, because each of its deaths costs one.
 *
 * @param broker connections to the broker's database
 * @param observer of whoever is connected
 */
record Queues(
    DataSource broker, Schedule schedule, FaultLog log, Observer observer, TimeSource time) {

  static final int CAPACITY = 2_000;

  private static final QueueOptions OPTIONS =
      QueueOptions.capacity(CAPACITY)
          .withVisibility(Duration.ofSeconds(4))
          .withAttemptsMax(50)
          .withPayloadMaxBytes(OrderForm.LINE_MAX);

  /** Whoever listens looks often; whoever waits for room counts each time, and does so seldom. */
  private static final Duration POLL = Duration.ofMillis(20);

  /** Opens the queue that a service listens to. */
  MessageQueue in(Service service) {
    return queue(service).withPollInterval(POLL);
  }

  private JdbcQueue queue(Service service) {
    return JdbcQueue.of(broker, service.label(), OPTIONS, time, observer);
  }

  /** Opens the way to the queue that another service listens to. */
  MessageQueue out(Service target) {
    return new FaultyQueue(queue(target), target, schedule, log);
  }
}
