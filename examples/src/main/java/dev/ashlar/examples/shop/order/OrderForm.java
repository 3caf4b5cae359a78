package dev.ashlar.examples.shop.order;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.serialization.JsonCodec;
import dev.ashlar.serialization.JsonOptions;
import dev.ashlar.serialization.Limits;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The form of an order: one line of JSON, read strictly, and the bounds of its fields.
 *
 * <p><b>Limits.</b> A line of {@value #LINE_MAX} bytes holds {@value #ITEMS_MAX} items with names
 * of {@value #NAME_MAX} characters several times over; whoever sends more has made a mistake. Names
 * stay below the 64 characters of a message id, which is made of the order's.
 */
public final class OrderForm {

  /** The longest line, in bytes. */
  public static final int LINE_MAX = 16 << 10;

  /** The longest id, customer or sku, in characters. */
  public static final int NAME_MAX = 40;

  /** The most items of one order. */
  public static final int ITEMS_MAX = 20;

  /** The most of one product in one order. */
  public static final int QUANTITY_MAX = 1_000;

  /** The highest price, in cents. */
  public static final long AMOUNT_MAX_CENTS = 100_000_000;

  private static final Codec<Order> CODEC =
      JsonCodec.of(
          Order.class,
          JsonOptions.strict()
              .withLimits(Limits.standard().withSizeBytes(LINE_MAX).withDepth(3).withItems(1_000)));

  private OrderForm() {}

  /** Returns the codec of a line and of a message's payload. */
  public static Codec<Order> codec() {
    return CODEC;
  }

  /**
   * Reads a line from outside.
   *
   * @throws MalformedDataException saying what is wrong with it, without its content
   */
  static Order read(Bytes line) {
    Order order = CODEC.decode(line);
    Optional<String> fault = fault(order);
    if (fault.isPresent()) {
      throw new MalformedDataException(MalformedDataException.Reason.INVALID_VALUE, fault.get());
    }
    return order;
  }

  private static Optional<String> fault(Order order) {
    return name("id", order.id())
        .or(() -> name("customer", order.customer()))
        .or(() -> within("amountCents", order.amountCents(), AMOUNT_MAX_CENTS))
        .or(() -> within("items", order.items().size(), ITEMS_MAX))
        .or(() -> items(order));
  }

  private static Optional<String> items(Order order) {
    Set<String> skus = new HashSet<>();
    for (int i = 0; i < order.items().size(); i++) {
      Item item = order.items().get(i);
      String at = "items/" + i;
      Optional<String> fault =
          name(at + "/sku", item.sku())
              .or(() -> within(at + "/quantity", item.quantity(), QUANTITY_MAX));
      if (fault.isPresent()) {
        return fault;
      }
      if (!skus.add(item.sku())) {
        return Optional.of(at + "/sku: stands twice (expected: each product once)");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> name(String field, String value) {
    boolean good = IdSource.isWellFormed(value) && value.length() <= NAME_MAX;
    return good
        ? Optional.empty()
        : Optional.of(
            String.format(
                "%s: %d characters (expected: 1 to %d of A-Z a-z 0-9 . _ -)",
                field, value.length(), NAME_MAX));
  }

  private static Optional<String> within(String field, long value, long max) {
    return value >= 1 && value <= max
        ? Optional.empty()
        : Optional.of(String.format("%s: %d (expected: 1 to %d)", field, value, max));
  }
}
