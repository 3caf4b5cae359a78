package dev.ashlar.examples.shop.run;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.TimeSource;
import dev.ashlar.examples.shop.fault.FaultyWork;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.examples.shop.service.Job;
import dev.ashlar.examples.shop.service.Service;
import dev.ashlar.examples.shop.service.Site;
import dev.ashlar.examples.shop.service.Step;
import dev.ashlar.examples.shop.service.Strategy;
import dev.ashlar.examples.shop.service.Work;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.consume.Consumer;
import dev.ashlar.messaging.consume.ConsumerOptions;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.jdbc.JdbcSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import javax.sql.DataSource;

/**
 * One service from its start to its end: its part in the strategy, and the consumer or the server
 * that feeds it.
 */
final class RunningService implements AutoCloseable {

  private static final int THREADS = 4;
  private static final int IN_FLIGHT_MAX = 100;
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(2);

  /** How long customers, who have the only right to retry, may come again. */
  private static final Duration REQUEST_COMES_AGAIN = Duration.ofDays(1);

  private final Strategy.Part part;
  private final Optional<Consumer> consumer;
  private final Optional<ServiceServer> server;

  private RunningService(
      Strategy.Part part, Optional<Consumer> consumer, Optional<ServiceServer> server) {
    this.part = part;
    this.consumer = consumer;
    this.server = server;
  }

  /**
   * Starts a service on its database, as it is.
   *
   * @param queues its own connections to the broker
   * @param addresses where the others are
   */
  static RunningService start(
      Service service, Strategy strategy, Start start, Queues queues, Addresses addresses) {
    prepare(service, start.database());
    TimeSource time = queues.time();
    // One generator for all threads, so one that is safe for them; each start draws other numbers.
    Random random = new Random((service.label() + start.run()).hashCode());
    IdSource ids = IdSource.of(time, random);
    Map<Service, MessageQueue> out = new EnumMap<>(Service.class);
    service.tells().forEach(other -> out.put(other, queues.out(other)));
    Optional<MessageQueue> in =
        service.isAskedOverHttp() ? Optional.empty() : Optional.of(queues.in(service));
    Site site =
        new Site(
            service,
            start.database(),
            in.map(queue -> queue.guarantees().redeliveryHorizon()).orElse(REQUEST_COMES_AGAIN),
            out,
            service == Service.ORDERS
                ? Optional.of(new HttpDoor(Service.PAYMENT, addresses, queues.observer()))
                : Optional.empty(),
            start.steps(),
            queues.observer(),
            time,
            random,
            ids);
    Strategy.Part part = strategy.open(site);
    Work work = new FaultyWork(part.work(), service, queues.schedule(), queues.log(), time);
    return new RunningService(
        part,
        in.map(queue -> Consumer.start(queue, handler(work), options(site))),
        in.isPresent()
            ? Optional.empty()
            : Optional.of(ServiceServer.start(service, work, receiver(site))));
  }

  private static Handler handler(Work work) {
    return Handler.decoding(
        OrderForm.codec(),
        (order, message, context) -> work.handle(Job.of(message, order, context)));
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
    return ConsumerOptions.of(site.service().label(), receiver(site), site.random())
        .withConcurrency(THREADS, IN_FLIGHT_MAX)
        .withRetry(RETRY_FIRST, RETRY_MAX);
  }

  private static CallContext.Receiver receiver(Site site) {
    return new CallContext.Receiver(
        CallContext.Trust.PEER,
        Criticality.CRITICAL_PLUS,
        Duration.ofHours(1),
        site.ids(),
        site.time(),
        site.observer());
  }

  /** Returns the port on which the service answers, if it does. */
  OptionalInt port() {
    return server.isPresent() ? OptionalInt.of(server.get().port()) : OptionalInt.empty();
  }

  /** Hangs up on everybody, as the end of a process would. */
  void hangUp() {
    server.ifPresent(ServiceServer::hangUp);
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
    consumer.ifPresent(Consumer::close);
    server.ifPresent(ServiceServer::close);
    part.close();
  }

  /**
   * What differs from start to start.
   *
   * @param run tells this start from those before
   * @param database the service's own
   * @param steps is told how far the handling of an order has come
   */
  record Start(String run, DataSource database, Step.Listener steps) {}
}
