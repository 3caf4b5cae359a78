package dev.ashlar.examples.shop.service;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.CallContext;
import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;

/**
 * What a service is asked to do, whether a message or a request asks.
 *
 * @param id the same whenever the same thing is asked again
 * @param body what was sent; the same id with another body is a mistake of the sender
 * @param order the body, read
 * @param number the place of the order in the whole run, by which faults are scheduled
 * @param context whose deadline is the time that is left
 */
public record Job(MessageId id, Bytes body, Order order, long number, CallContext context) {

  /** Returns what a message asks for. */
  public static Job of(Message message, Order order, CallContext context) {
    return new Job(message.id(), message.payload(), order, OrderMessages.number(message), context);
  }

  /** Returns this job in another context. */
  public Job in(CallContext changed) {
    return new Job(id, body, order, number, changed);
  }

  /** Returns what a customer asks for. */
  public static Job placed(Order order, long number, CallContext context) {
    Message message = OrderMessages.placed(order, number);
    return new Job(message.id(), message.payload(), order, number, context);
  }

  /** Returns what orders asks payment for. */
  Job toBePaid(CallContext attempt) {
    return toBePaid(order, number, attempt);
  }

  /** Returns what payment is asked for. */
  public static Job toBePaid(Order order, long number, CallContext context) {
    return new Job(
        OrderMessages.paymentId(order), OrderForm.codec().encode(order), order, number, context);
  }
}
