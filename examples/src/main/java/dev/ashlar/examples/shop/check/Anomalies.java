package dev.ashlar.examples.shop.check;

/**
 * What went wrong, in orders. One order can count under several names.
 *
 * @param ordersIn were placed
 * @param chargedTwice have more than one charge
 * @param chargedWithoutInvoice have a charge and no invoice
 * @param invoiceWithoutCharge have an invoice and no charge
 * @param stockTakenTwice have had an item taken more than once
 * @param otherTwice have an invoice, points or a recommendation more than once
 * @param lost lack something, and no message that could bring it is anywhere
 * @param settledTwice have a charge that was settled more than once
 * @param unsettled have a charge that was not settled
 * @param stuck lack something, and a message of theirs waits, is set aside or was never taken
 */
public record Anomalies(
    long ordersIn,
    long chargedTwice,
    long chargedWithoutInvoice,
    long invoiceWithoutCharge,
    long stockTakenTwice,
    long otherTwice,
    long settledTwice,
    long unsettled,
    long lost,
    long stuck) {

  /** Returns whether nothing went wrong. */
  public boolean isClean() {
    return chargedTwice
            + chargedWithoutInvoice
            + invoiceWithoutCharge
            + stockTakenTwice
            + otherTwice
            + settledTwice
            + unsettled
            + lost
            + stuck
        == 0;
  }
}
