package dev.ashlar.examples.sharednothing;

import java.util.Set;
import java.util.TreeSet;

/** Who was asked for one request of a client. */
final class Cost {

  private final Set<String> nodes = new TreeSet<>();
  private final Set<String> partitions = new TreeSet<>();
  private int transactions;

  void add(String node, String... asked) {
    nodes.add(node);
    partitions.addAll(Set.of(asked));
    transactions++;
  }

  @Override
  public String toString() {
    return "%s, %s, %s"
        .formatted(
            counted(nodes.size(), "node"),
            counted(partitions.size(), "partition"),
            counted(transactions, "transaction"));
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
