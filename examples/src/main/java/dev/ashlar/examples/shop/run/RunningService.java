package dev.ashlar.examples.shop.run;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultyHandler;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Site;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;

/**
 * One service from its start to its end: its part in the strategy, and the consumer that feeds it.
 */
final class RunningService implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int IN_FLIGHT_MAX = 100;
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  private final Strategy.Part part;
  private final Consumer consumer;

  private RunningService(Strategy.Part part, Consumer consumer) {
    this.part = part;
    this.consumer = consumer;
  }

  /**
   * Starts a service on its database, as it is.
   *
   * @param run tells this start from those before
   * @param queues its own connections to the broker
   */
  static RunningService start(
      Service service,
      Strategy strategy,
      String run,
      DataSource database,
      Queues queues,
      Step.Listener steps) {
    prepare(service, database);
    TimeSource time = queues.time();
    // One generator for all threads, so one that is safe for them; each start draws other numbers.
    Random random = new Random((service.label() + run).hashCode());
    IdSource ids = IdSource.of(time, random);
    Map<Service, MessageQueue> out = new EnumMap<>(Service.class);
    service.tells().forEach(other -> out.put(other, queues.out(other)));
    MessageQueue in = queues.in(service);
    Site site = new Site(service, database, in, out, steps, time, random, ids);
    Strategy.Part part = strategy.open(site);
    FaultyHandler handler =
        new FaultyHandler(part.handler(), service, queues.schedule(), queues.log(), time);
    return new RunningService(part, Consumer.start(in, handler, options(site)));
  }

  private static void prepare(Service service, DataSource database) {
    JdbcSchema.create(database);
    try (Connection connection = database.getConnection()) {
      service.table().create(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("database of " + service.label() + ": cannot be opened", e);
    }
  }

  private static ConsumerOptions options(Site site) {
    CallContext.Receiver receiver =
        new CallContext.Receiver(
            CallContext.Trust.PEER,
            Criticality.CRITICAL_PLUS,
            Duration.ofHours(1),
            site.ids(),
            site.time(),
            Observer.none());
    return ConsumerOptions.of(site.service().label(), receiver, site.random())
        .withConcurrency(THREADS, IN_FLIGHT_MAX)
        .withRetry(RETRY_FIRST, RETRY_MAX);
  }

  /**
   * Returns how many messages the service has still to send.
   *
   * @throws BackendException if its database does not answer
   */
  long unsent(Deadline deadline) throws InterruptedException {
    return part.unsent(deadline);
  }

  /** Ends in good order: what is being handled is finished and settled. */
  @Override
  public void close() {
    consumer.close();
    part.close();
  }
}
