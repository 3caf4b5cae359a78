package dev.ashlar.examples.shop.log;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.examples.shop.order.Order;

/**
 * The correlation ids of the shop. Each says in plain words what it is about, and ends with the
 * number by which faults are scheduled, so that every service knows from the id alone whether it is
 * to be logged.
 *
 * <p>An order's is the order's own id, if that ends with the order's number: {@code order-17}.
 * Otherwise the number is put behind it: the third order of a file, {@code A-9}, is {@code }.
 */
public final class Trail {

  private static final String PAGE = "page-";
  private static final int DIGITS_MAX = 18;

  private Trail() {}

  /** Returns the id of everything that is done for an order. */
  public static CorrelationId ofOrder(Order order, long number) {
    String id = order.id();
    boolean says = id.substring(digitsFrom(id)).equals(Long.toString(number));
    return new CorrelationId(says ? id : id + "." + number);
  }

  /** Returns the id of everything that is done for a look at the product page. */
  public static CorrelationId ofPage(long number) {
    return new CorrelationId(PAGE + number);
  }

  /** Returns the context in which something begins that nothing before has caused. */
  public static CallContext begin(
      CorrelationId id, IdSource ids, Deadline deadline, String client) {
    CallContext root = CallContext.root(ids, deadline, client);
    return new CallContext(
        id,
        root.request(),
        root.causedBy(),
        root.deadline(),
        root.criticality(),
        root.cohort(),
        root.attempt(),
        root.retryRight(),
        root.client());
  }

  /** Returns the number that an id ends with; zero, which nothing has, if there is none. */
  static long number(CorrelationId id) {
    String text = id.value();
    String digits = text.substring(digitsFrom(text));
    return digits.isEmpty() || digits.length() > DIGITS_MAX ? 0 : Long.parseLong(digits);
  }

  private static int digitsFrom(String text) {
    int from = text.length();
    while (from > 0 && text.charAt(from - 1) >= '0' && text.charAt(from - 1) <= '9') {
      from--;
    }
    return from;
  }
}
