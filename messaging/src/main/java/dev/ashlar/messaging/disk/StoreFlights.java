package dev.ashlar.messaging.disk;

import dev.ashlar.messaging.journal.Ticket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Appends that the journal has taken and not acknowledged, in its order.
 *
 * <p><b>Threads.</b> One at a time.
 */
final class StoreFlights {

  private final Deque<Flight> flights = new ArrayDeque<>();
  private final Map<Long, StoreNode> nodes = new HashMap<>();
  private long bytes;

  /**
   * One append on its way.
   *
   * @param isVoid whether its records have other numbers than they were written for
   */
  record Flight(Ticket ticket, List<StoreNode> nodes, long bytes, boolean isVoid) {

    StoreNode root() {
      return nodes.get(nodes.size() - 1);
    }
  }

  void add(Flight flight) {
    flights.addLast(flight);
    bytes += flight.bytes;
    if (!flight.isVoid) {
      flight.nodes.forEach(node -> nodes.put(node.number(), node));
    }
  }

  long bytes() {
    return bytes;
  }

  @Nullable StoreNode node(long number) {
    return nodes.get(number);
  }

  @Nullable Flight oldest() {
    return flights.peekFirst();
  }

  @Nullable Flight latest() {
    return flights.peekLast();
  }

  boolean contains(Flight flight) {
    return flights.contains(flight);
  }

  /** Ends the oldest one. */
  void removeOldest() {
    remove(flights.getFirst());
  }

  /** Ends one that has failed. */
  void remove(Flight flight) {
    if (flights.remove(flight)) {
      bytes -= flight.bytes;
      if (!flight.isVoid) {
        flight.nodes.forEach(node -> nodes.remove(node.number(), node));
      }
    }
  }
}
