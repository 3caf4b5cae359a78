package dev.ashlar.examples.shop.check;

import dev.ashlar.examples.shop.check.Cursor.Found;

/** Adds up what is wrong with each order. */
final class Tally {

  private long ordersIn;
  private long chargedTwice;
  private long chargedWithoutInvoice;
  private long invoiceWithoutCharge;
  private long stockTakenTwice;
  private long otherTwice;
  private long settledTwice;
  private long unsettled;
  private long lost;
  private long stuck;

  /**
   * Adds one order.
   *
   * @param wanted it was placed
   * @param waiting a message of it is somewhere
   * @param placed its items, and 1 if the shop has taken it
   */
  void add(boolean wanted, boolean waiting, Found placed, Effects effects) {
    ordersIn += one(wanted);
    long charges = effects.charges().rows();
    long invoices = effects.invoices().rows();
    chargedTwice += one(charges > 1);
    chargedWithoutInvoice += one(charges > 0 && invoices == 0);
    invoiceWithoutCharge += one(invoices > 0 && charges == 0);
    stockTakenTwice += one(isTwice(effects.takings()));
    otherTwice += one(invoices > 1 || effects.points().rows() > 1 || isTwice(effects.likes()));
    settledTwice += one(isTwice(effects.settlements()));
    unsettled += one(charges > effects.settlements().different());
    if (wanted && !effects.areComplete(placed.rows())) {
      boolean taken = placed.different() == 1;
      boolean canStillCome = waiting || !taken;
      stuck += one(canStillCome);
      lost += one(!canStillCome);
    }
  }

  private static boolean isTwice(Found found) {
    return found.rows() > found.different();
  }

  private static long one(boolean counts) {
    return counts ? 1 : 0;
  }

  Anomalies anomalies() {
    return new Anomalies(
        ordersIn,
        chargedTwice,
        chargedWithoutInvoice,
        invoiceWithoutCharge,
        stockTakenTwice,
        otherTwice,
        settledTwice,
        unsettled,
        lost,
        stuck);
  }

  /** What the six services have written for an order. */
  record Effects(
      Found orders,
      Found charges,
      Found takings,
      Found likes,
      Found invoices,
      Found points,
      Found settlements) {

    boolean areComplete(long items) {
      return orders.rows() > 0
          && charges.rows() > 0
          && takings.different() == items
          && likes.different() == items
          && invoices.rows() > 0
          && points.rows() > 0;
    }
  }
}
