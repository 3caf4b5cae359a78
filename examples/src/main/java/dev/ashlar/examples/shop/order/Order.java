package dev.ashlar.examples.shop.order;

import java.util.List;

/**
 * What a customer orders; also what every message of the shop carries.
 *
 * @param id names the order; no other order has it
 * @param customer names who pays
 * @param items what is ordered, each product once
 * @param amountCents the price of all
 */
public record Order(String id, String customer, List<Item> items, long amountCents) {

  /** Copies the items. */
  public Order {
    items = List.copyOf(items);
  }
}
