package dev.ashlar.examples.shop.service;

import dev.ashlar.core.BackendException;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.SendResult;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import java.time.Duration;

/**
 * Writes to two systems, one after the other, and tries again what fails.
 *
 * <p>It is written with care: nothing is answered before it is done, a duplicate is left alone
 * where the service can see that it is one, calling and sending are tried three times. What it
 * lacks is a place where "done" and "to be told" are one fact, so each crash between two steps
 * leaves one without the other; and each layer tries again without knowing of the others.
 */
final class DualWrites implements Strategy.Part {

  private static final int ATTEMPTS = 3;
  private static final Duration SEND_MAX = Duration.ofSeconds(5);
  private static final Duration ATTEMPT_MAX = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Site site;
  private final JdbcTransactions transactions;

  DualWrites(Site site) {
    this.site = site;
    this.transactions = JdbcTransactions.of(site.database());
  }

  @Override
  public Work work() {
    return this::handle;
  }

  private Outcome handle(Job job) throws Exception {
    Service service = site.service();
    site.steps().reached(Step.RECEIVED, job.number());
    if (transactions.call(tx -> service.table().known().test(tx, job.order()))) {
      // The order is in the table, so this is the second time that it is asked for.
      return Outcome.done();
    }
    if (site.payment().isPresent()) {
      pay(site.payment().get(), job);
      site.steps().reached(Step.PAID, job.number());
    }
    transactions.run(tx -> service.table().effect().write(tx, job.order()));
    site.steps().reached(Step.COMMITTED, job.number());
    for (Service other : service.tells()) {
      tell(other, OrderMessages.done(service, job.order(), job.number()));
    }
    if (!service.tells().isEmpty()) {
      site.steps().reached(Step.SENT, job.number());
    }
    return Outcome.done();
  }

  /** Calls, trying again whatever went wrong. */
  private void pay(Door payment, Job job) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        payment.ask(job.toBePaid(job.context().child(ATTEMPT_MAX).forAttempt(attempt)));
        return;
      } catch (BackendException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        site.time().sleep(PAUSE.multipliedBy(attempt));
      }
    }
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
