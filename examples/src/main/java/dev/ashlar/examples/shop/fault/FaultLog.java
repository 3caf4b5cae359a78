package dev.ashlar.examples.shop.fault;

/** Is told each fault that has come upon an order or a page. */
@FunctionalInterface
public interface FaultLog {

  /**
   * Notes a fault.
   *
   * @param kind the first word of its line
   */
  void note(String kind, Target target, long number);
}
