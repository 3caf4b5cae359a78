package dev.ashlar.examples.shop.settle;

/**
 * A charge that payment has made.
 *
 * @param number its own, rising
 * @param orderId the order that it is for
 * @param amountCents how much
 */
record Charge(long number, String orderId, long amountCents) {}
