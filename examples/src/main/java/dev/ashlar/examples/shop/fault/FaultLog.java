package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.service.Service;

/** Is told each fault that has come upon an order. */
@FunctionalInterface
public interface FaultLog {

  /**
   * Notes a fault.
   *
   * @param kind the first word of its line
   */
  void note(String kind, Service service, long orderNumber);
}
