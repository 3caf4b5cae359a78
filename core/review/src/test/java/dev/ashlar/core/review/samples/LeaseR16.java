package dev.ashlar.core.review.samples;

import dev.ashlar.core.Deadline;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.messaging.MessageQueue;
import dev.ashlar.messaging.outbox.Outbox;
import java.sql.Connection;

/** Effects elsewhere, under a claim. */
final class LeaseR16 {

  private LeaseR16() {}

  @Finds(1)
  record Wrong(MessageQueue mails, Claim<Connection> claim) {

    String remind(Connection tx, Order order, Deadline deadline) throws InterruptedException {
      // [readme:r16-wrong]
      return claim
          .write(
              tx,
              () -> {
                mails.send(order.message(), deadline); // Sent, whatever becomes of the transaction.
                return order.id();
              })
          .orThrow();
      // [/readme]
    }
  }

  @Finds(0)
  record Right(Outbox<Connection> outbox, Claim<Connection> claim) {

    String remind(Connection tx, Order order) {
      // [readme:r16-right]
      return claim
          .write(
              tx,
              () -> {
                outbox.add(tx, "mails", order.message()); // Rolled back with the rest, or sent.
                return order.id();
              })
          .orThrow();
      // [/readme]
    }
  }
}
