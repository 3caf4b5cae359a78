package dev.ashlar.examples.shop.service;

import dev.ashlar.core.IdSource;
import dev.ashlar.examples.shop.fault.Target;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The services of the shop, those who tell before those who are told.
 *
 * <pre>
 *   customers ==> orders ==> payment -+-> invoices      ==>  request and answer
 *                   +-> stock         +-> loyalty       -->  message
 *                   +-> recommendations
 * </pre>
 */
public enum Service implements Target {
  /** Takes orders, has them paid, and tells those who must know at once. */
  ORDERS,
  /** Charges, and tells those who wait for the money. */
  PAYMENT,
  /** Takes the items from the shelf. */
  STOCK,
  /** Notes which customer likes what. */
  RECOMMENDATIONS,
  /** Writes the invoice for a charge. */
  INVOICES,
  /** Gives points for a charge. */
  LOYALTY;

  /** Returns the name of the service, of its queue and of its database. */
  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the service of that name. */
  public static Optional<Service> named(String label) {
    return IdSource.isWellFormed(label)
        ? Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst()
        : Optional.empty();
  }

  /** Returns whether the service is asked by requests, and not by messages. */
  public boolean isAskedOverHttp() {
    return this == ORDERS || this == PAYMENT;
  }

  /** Returns where the service writes what it has done. */
  public Table table() {
    return switch (this) {
      case ORDERS -> Tables.ORDERS;
      case PAYMENT -> Tables.CHARGES;
      case STOCK -> Tables.TAKINGS;
      case RECOMMENDATIONS -> Tables.LIKES;
      case INVOICES -> Tables.INVOICES;
      case LOYALTY -> Tables.POINTS;
    };
  }

  /** Returns whom the service tells, once it has done its part. */
  public List<Service> tells() {
    return switch (this) {
      case ORDERS -> List.of(STOCK, RECOMMENDATIONS);
      case PAYMENT -> List.of(INVOICES, LOYALTY);
      case STOCK, RECOMMENDATIONS, INVOICES, LOYALTY -> List.of();
    };
  }
}
