package dev.ashlar.examples.shop.service;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Deadline;
import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.time.Duration;

/**
 * Writes to two systems, one after the other, and tries again what fails.
 *
 * <p>It is written with care: nothing is settled before it is done, a duplicate is left alone where
 * the service can see that it is one, sending is tried three times. What it lacks is a place where
 * "done" and "to be told" are one fact, so each crash between two steps leaves one without the
 * other.
 */
final class DualWrites implements Strategy.Part {

  private static final int ATTEMPTS = 3;
  private static final Duration SEND_MAX = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Site site;
  private final JdbcTransactions transactions;

  DualWrites(Site site) {
    this.site = site;
    this.transactions = JdbcTransactions.of(site.database());
  }

  @Override
  public Handler handler() {
    return Handler.decoding(OrderForm.codec(), this::handle);
  }

  private Outcome handle(Order order, Message message, CallContext context) throws Exception {
    long number = OrderMessages.number(message);
    Service service = site.service();
    site.steps().reached(Step.RECEIVED, number);
    boolean fresh = transactions.call(tx -> service.table().effect().write(tx, order));
    if (!fresh) {
      // The order is in the table, so this is a second delivery of its message.
      return Outcome.done();
    }
    site.steps().reached(Step.COMMITTED, number);
    for (Service other : service.tells()) {
      tell(other, OrderMessages.done(service, order, number));
    }
    if (!service.tells().isEmpty()) {
      site.steps().reached(Step.SENT, number);
    }
    return Outcome.done();
  }

  /**
   * Sends, trying again. After the last attempt it gives up: to fail here would bring the message
   * back, and whoever was charged would be charged again.
   */
  private void tell(Service other, Message message) throws InterruptedException {
    MessageQueue queue = site.queueOf(other);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Deadline deadline = Deadline.after(SEND_MAX, site.time());
      if (queue.trySend(message, Duration.ZERO, deadline) instanceof SendResult.Accepted) {
        return;
      }
      site.time().sleep(PAUSE.multipliedBy(attempt));
    }
  }

  @Override
  public long unsent(Deadline deadline) {
    return 0;
  }

  @Override
  public void close() {}
}
