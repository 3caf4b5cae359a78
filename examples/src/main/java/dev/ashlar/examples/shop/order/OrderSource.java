package dev.ashlar.examples.shop.order;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/** Fills a book with orders, from outside or made up. */
public final class OrderSource {

  private OrderSource() {}

  /**
   * Makes orders up.
   *
   * @param seed the same seed makes the same orders
   */
  public static void make(long seed, long count, OrderBook.Writer book) {
    MadeOrders orders = new MadeOrders(seed);
    for (long i = 0; i < count; i++) {
      book.add(orders.get());
    }
  }

  /**
   * Reads orders, one line each.
   *
   * @param name of the file, for complaints
   * @param complaints gets {@code FILE:LINE: reason} for each line that is no order
   * @return how many lines were not
   */
  public static long read(
      String name, InputStream in, OrderBook.Writer book, Consumer<String> complaints)
      throws IOException {
    OrderLines lines = new OrderLines(in);
    long bad = 0;
    Optional<OrderLines.Line> next = lines.next();
    while (next.isPresent()) {
      Optional<String> complaint = take(next.get(), book);
      if (complaint.isPresent()) {
        complaints.accept(name + ":" + complaint.get());
        bad++;
      }
      next = lines.next();
    }
    return bad;
  }

  private static Optional<String> take(OrderLines.Line line, OrderBook.Writer book) {
    if (line instanceof OrderLines.Bad bad) {
      return Optional.of(bad.number() + ": " + bad.reason());
    }
    OrderLines.Good good = (OrderLines.Good) line;
    return book.add(good.order())
        ? Optional.empty()
        : Optional.of(good.number() + ": id: stands in a line above (expected: once)");
  }
}
