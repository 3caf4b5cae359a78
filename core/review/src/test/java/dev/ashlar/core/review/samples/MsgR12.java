package dev.ashlar.core.review.samples;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.IdSource;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.Outcome;
import dev.ashlar.messaging.consume.Handler;
import dev.ashlar.messaging.inbox.Inbox;
import dev.ashlar.messaging.jdbc.JdbcTransactions;
import dev.ashlar.messaging.outbox.Outbox;
import dev.ashlar.resilience.Pipeline;
import java.sql.Connection;
import java.util.UUID;

/** Ids that change with each attempt. */
final class MsgR12 {

  private MsgR12() {}

  private static boolean send(MessageQueue queue, Message message, CallContext context)
      throws InterruptedException {
    queue.send(message, context.deadline());
    return true;
  }

  @Finds(1)
  record Wrong(Pipeline pipeline, MessageQueue queue, IdSource ids) {

    void tell(Order order, CallContext context) throws InterruptedException {
      // [readme:new-each-time]
      pipeline.call(
          context,
          attempt -> send(queue, Message.of(MessageId.next(ids), order.payload()), attempt));
      // [/readme]
    }
  }

  @Finds(1)
  record WrongInAHandler(MessageQueue invoices) implements Handler {

    @Override
    public Outcome handle(Message message, CallContext context) throws InterruptedException {
      MessageId fresh = new MessageId(UUID.randomUUID().toString());
      invoices.send(Message.of(fresh, message.payload()), context.deadline());
      return Outcome.done();
    }
  }

  @Finds(0)
  record Right(Pipeline pipeline, MessageQueue queue, IdSource ids) {

    void tell(Order order, CallContext context) throws InterruptedException {
      // [readme:made-once]
      MessageId id = MessageId.next(ids); // Better still: stored with the order.
      pipeline.call(context, attempt -> send(queue, Message.of(id, order.payload()), attempt));
      // [/readme]
    }
  }

  @Finds(0)
  record RightInAHandler(MessageQueue invoices) implements Handler {

    // [readme:derived]
    @Override
    public Outcome handle(Message message, CallContext context) throws InterruptedException {
      MessageId id = new MessageId("invoice." + message.id()); // The same in each delivery.
      invoices.send(Message.of(id, message.payload()), context.deadline());
      return Outcome.done();
    }
    // [/readme]
  }

  /** What an inbox guards runs once, and so is this id drawn. */
  @Finds(0)
  record RightBehindAnInbox(
      JdbcTransactions transactions,
      Inbox<Connection> inbox,
      Outbox<Connection> outbox,
      IdSource ids)
      implements Handler {

    @Override
    public Outcome handle(Message message, CallContext context) throws Exception {
      transactions.run(
          tx ->
              inbox.once(
                  tx,
                  message,
                  () ->
                      outbox.add(
                          tx, "invoices", Message.of(MessageId.next(ids), message.payload()))));
      return Outcome.done();
    }
  }
}
