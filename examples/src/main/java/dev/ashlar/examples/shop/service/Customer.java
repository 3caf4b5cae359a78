package dev.ashlar.examples.shop.service;

/** How customers place an order, when the shop is slow to answer. */
@FunctionalInterface
public interface Customer {

  /**
   * Places an order.
   *
   * @return whether the shop has said that it has it; if not, the customer comes again later
   */
  boolean place(Job job) throws InterruptedException;
}
