package dev.ashlar.examples.shop.service;

import dev.ashlar.examples.shop.order.Order;
import dev.ashlar.examples.shop.order.OrderForm;
import dev.ashlar.messaging.Message;
import dev.ashlar.messaging.MessageId;

/**
 * The messages of the shop: what has happened to which order.
 *
 * <p>The id says both, so whoever makes the message again makes the same one. It is derived from
 * the order's id, which its owner has made unique, not from the content.
 */
public final class OrderMessages {

  /** The place of an order in the whole run, by which faults are scheduled. */
  private static final String NUMBER_HEADER = "order-number";

  private OrderMessages() {}

  /** Returns the message that an order was placed. */
  public static Message placed(Order order, long number) {
    return message(order, "placed", number);
  }

  /** Returns the message that a service has done its part. */
  static Message done(Service service, Order order, long number) {
    return message(order, service == Service.ORDERS ? "accepted" : "charged", number);
  }

  /** Returns what recognises the charge for an order, however often it is asked for. */
  static MessageId paymentId(Order order) {
    return new MessageId(order.id() + ".charge");
  }

  private static Message message(Order order, String happened, long number) {
    Message message =
        Message.of(new MessageId(order.id() + "." + happened), OrderForm.codec().encode(order));
    return message.withHeaders(message.headers().with(NUMBER_HEADER, Long.toString(number)));
  }

  /**
   * Returns the number of a message's order; zero if it has none, which no fault is scheduled for.
   */
  public static long number(Message message) {
    return message.headers().first(NUMBER_HEADER).map(OrderMessages::parse).orElse(0L);
  }

  /** Returns the id of the order that a message is about. */
  public static String orderId(String messageId) {
    int dot = messageId.lastIndexOf('.');
    return dot < 0 ? messageId : messageId.substring(0, dot);
  }

  private static long parse(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
