package dev.ashlar.examples.shop.order;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Orders made up from a seed: the same seed makes the same orders.
 *
 * <p><b>Threads.</b> One thread only.
 */
final class MadeOrders implements Supplier<Order> {

  private static final int CUSTOMERS = 500;
  private static final int ITEMS_MAX = 3;

  private static final List<String> SKUS =
      List.of(
          "tea-green",
          "tea-black",
          "coffee-whole",
          "coffee-ground",
          "cocoa",
          "honey",
          "jam-plum",
          "jam-quince",
          "bread-rye",
          "bread-white",
          "butter",
          "cheese-goat",
          "olives",
          "salt",
          "pepper",
          "vinegar",
          "oil-rape",
          "oil-olive",
          "pasta",
          "rice");

  private final SplittableRandom random;
  private long made;

  MadeOrders(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public Order get() {
    made++;
    List<String> skus = new ArrayList<>(SKUS);
    List<Item> items = new ArrayList<>();
    long cents = 0;
    int count = random.nextInt(1, ITEMS_MAX + 1);
    for (int i = 0; i < count; i++) {
      Collections.swap(skus, i, random.nextInt(i, skus.size()));
      int quantity = random.nextInt(1, 6);
      items.add(new Item(skus.get(i), quantity));
      cents += quantity * (long) random.nextInt(50, 3_000);
    }
    String customer = "customer-" + random.nextInt(1, CUSTOMERS + 1);
    return new Order("order-" + made, customer, items, cents);
  }
}
