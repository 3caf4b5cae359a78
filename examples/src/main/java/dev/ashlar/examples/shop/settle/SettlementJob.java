package dev.ashlar.examples.shop.settle;

import dev.ashlar.examples.shop.fault.Target;

/** The settlement, as a fault file names it. */
public enum SettlementJob implements Target {
  /** The one job of the night. */
  SETTLEMENT;

  @Override
  public String label() {
    return "settlement";
  }
}
