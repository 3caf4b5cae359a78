package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.Observer;
import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import dev.ashlar.messaging.jdbc.JdbcInbox;
import dev.ashlar.messaging.jdbc.JdbcOutbox;
import dev.ashlar.messaging.jdbc.JdbcOutboxOptions;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.RelayOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * Writes to one system only, its own database: that the message was handled, what that has changed,
 * and what is to be told, in one transaction. A relay tells it afterwards, as often as it takes.
 */
final class OutboxAndInbox implements Strategy.Part {

  /**
   * What may wait to be sent; beyond it handlers wait, and with them whoever sends to this service.
   */
  private static final int BACKLOG_MAX = 3_000;

  private static final Duration MARGIN = Duration.ofDays(1);
  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MAX = Duration.ofSeconds(1);
  private static final int PARKED_MAX = 1_000;

  private final Site site;
  private final JdbcTransactions transactions;
  private final JdbcInbox inbox;
  private final JdbcOutbox outbox;
  private final Optional<OutboxRelay> relay;

  OutboxAndInbox(Site site) {
    this.site = site;
    transactions = JdbcTransactions.of(site.database());
    JdbcOutboxOptions options = JdbcOutboxOptions.defaults().withBacklogMax(BACKLOG_MAX);
    Duration horizon = site.in().guarantees().redeliveryHorizon().plus(options.republishWindow());
    inbox =
        JdbcInbox.of(
            site.database(),
            new InboxOptions(site.service().label(), horizon.plus(MARGIN), horizon),
            Observer.none());
    outbox =
        JdbcOutbox.of(
            site.database(), site.service().label(), options, site.time(), Observer.none());
    relay = site.service().tells().isEmpty() ? Optional.empty() : Optional.of(startRelay());
  }

  private OutboxRelay startRelay() {
    // Of each service one runs at a time, so whoever starts again takes up its own turn at once.
    String name = site.service().label();
    return OutboxRelay.start(
        outbox,
        this::destination,
        RelayOptions.of(name, site.time(), Observer.none()).withRetry(RETRY_FIRST, RETRY_MAX));
  }

  /** Finds the queue of a service, and reports what was sent to it before the relay notes it. */
  private Optional<MessageQueue> destination(String name) {
    return Service.named(name).map(other -> new ReportingQueue(site.queueOf(other), site.steps()));
  }

  @Override
  public Handler handler() {
    return Handler.decoding(OrderForm.codec(), this::handle);
  }

  private Outcome handle(Order order, Message message, CallContext context) throws Exception {
    long number = OrderMessages.number(message);
    site.steps().reached(Step.RECEIVED, number);
    Once<?> once = onceThereIsRoom(order, message, context.deadline());
    if (once instanceof Once.Conflict) {
      return new Outcome.DeadLetter("another order has this id");
    }
    site.steps().reached(Step.COMMITTED, number);
    relay.ifPresent(OutboxRelay::wake);
    return Outcome.done();
  }

  /** A full outbox is waited for here: to give the message back would cost one of its attempts. */
  private Once<?> onceThereIsRoom(Order order, Message message, Deadline deadline)
      throws Exception {
    while (true) {
      try {
        return transactions.call(
            tx -> {
              // Everything within is committed together, or nothing is.
              return inbox.once(
                  tx,
                  message,
                  () -> {
                    site.service().table().effect().write(tx, order);
                    for (Service other : site.service().tells()) {
                      outbox.add(
                          tx,
                          other.label(),
                          OrderMessages.done(site.service(), order, OrderMessages.number(message)));
                    }
                  });
            });
      } catch (BackendException e) {
        if (!(e.advice() instanceof Advice.Overloaded full) || deadline.hasExpired()) {
          throw e;
        }
        site.time().sleep(full.retryAfter());
      }
    }
  }

  @Override
  public long unsent(Deadline deadline) throws InterruptedException {
    return outbox.backlog(deadline) - outbox.parked(PARKED_MAX, deadline).size();
  }

  @Override
  public void close() {
    relay.ifPresent(OutboxRelay::close);
  }
}
