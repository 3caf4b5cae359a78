package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Advice;
import dev.ashlar.core.BackendException;
import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.inbox.InboxOptions;
import dev.ashlar.messaging.inbox.Once;
import dev.ashlar.messaging.jdbc.JdbcInbox;
import dev.ashlar.messaging.jdbc.JdbcOutbox;
import dev.ashlar.messaging.jdbc.JdbcOutboxOptions;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import dev.ashlar.messaging.outbox.OutboxRelay;
import dev.ashlar.messaging.outbox.RelayOptions;
import dev.ashlar.resilience.Pipeline;
import dev.ashlar.resilience.PipelinePolicy;
import java.sql.Connection;
import java.sql.SQLException;
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

  private static final PipelinePolicy PAYMENT =
      PipelinePolicy.of("payment", Duration.ofSeconds(1), Duration.ofMillis(400))
          .withIdempotent()
          .withBreaker(Breakers.SHORT);

  private final Site site;
  private final JdbcTransactions transactions;
  private final JdbcInbox inbox;
  private final JdbcOutbox outbox;
  private final Optional<OutboxRelay> relay;
  private final Pipeline pipeline;

  OutboxAndInbox(Site site) {
    this.site = site;
    transactions = JdbcTransactions.of(site.database());
    JdbcOutboxOptions options = JdbcOutboxOptions.defaults().withBacklogMax(BACKLOG_MAX);
    Duration horizon = site.comesAgainWithin().plus(options.republishWindow());
    inbox =
        JdbcInbox.of(
            site.database(),
            new InboxOptions(site.service().label(), horizon.plus(MARGIN), horizon),
            site.observer());
    outbox =
        JdbcOutbox.of(
            site.database(), site.service().label(), options, site.time(), site.observer());
    pipeline = Pipeline.of(PAYMENT, site.time(), site.random(), site.observer());
    relay = site.service().tells().isEmpty() ? Optional.empty() : Optional.of(startRelay());
  }

  private OutboxRelay startRelay() {
    // Of each service one runs at a time, so whoever starts again takes up its own turn at once.
    String name = site.service().label();
    return OutboxRelay.start(
        outbox,
        this::destination,
        RelayOptions.of(name, site.time(), site.observer()).withRetry(RETRY_FIRST, RETRY_MAX));
  }

  /** Finds the queue of a service, and reports what was sent to it before the relay notes it. */
  private Optional<MessageQueue> destination(String name) {
    return Service.named(name).map(other -> new ReportingQueue(site.queueOf(other), site.steps()));
  }

  @Override
  public Work work() {
    return this::handle;
  }

  private Outcome handle(Job job) throws Exception {
    site.steps().reached(Step.RECEIVED, job.number());
    if (site.payment().isPresent()) {
      pay(site.payment().get(), job);
      site.steps().reached(Step.PAID, job.number());
    }
    Once<?> once = onceThereIsRoom(job);
    if (once instanceof Once.Conflict) {
      return new Outcome.DeadLetter("another order has this id");
    }
    site.steps().reached(Step.COMMITTED, job.number());
    return Outcome.done();
  }

  /** The key makes a repeated call harmless; whether it is repeated here is the caller's right. */
  private void pay(Door payment, Job job) throws InterruptedException {
    boolean paid =
        pipeline.call(
            job.context(),
            attempt -> {
              payment.ask(job.toBePaid(attempt));
              return true;
            });
    if (!paid) {
      throw new IllegalStateException("payment: not done (expected: done, or a failure)");
    }
  }

  /** A full outbox is waited for here: to give the message back would cost one of its attempts. */
  private Once<?> onceThereIsRoom(Job job) throws Exception {
    while (true) {
      try {
        // Everything within is committed together, or nothing is.
        return transactions.call(
            tx -> inbox.once(tx, job.id(), job.body(), Codec.bytes(), () -> write(tx, job)));
      } catch (BackendException e) {
        if (!(e.advice() instanceof Advice.Overloaded full)
            || job.context().deadline().hasExpired()) {
          throw e;
        }
        site.time().sleep(full.retryAfter());
      }
    }
  }

  private Bytes write(Connection tx, Job job) throws SQLException {
    site.service().table().effect().write(tx, job.order());
    for (Service other : site.service().tells()) {
      outbox.add(tx, other.label(), OrderMessages.done(site.service(), job.order(), job.number()));
    }
    return Bytes.empty();
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
