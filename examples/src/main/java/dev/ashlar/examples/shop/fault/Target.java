package dev.ashlar.examples.shop.fault;

/** What a fault can come upon: a service, or a part of the product page. */
public interface Target {

  /** Returns the name as it stands in a fault file. */
  String label();
}
