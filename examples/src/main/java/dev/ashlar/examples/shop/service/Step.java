package dev.ashlar.examples.shop.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The moments in the handling of a message at which a service can die, under every strategy. */
public enum Step {
  /** The message was taken, nothing is written. */
  RECEIVED,
  /** Payment has answered; nothing is written. Only orders comes here. */
  PAID,
  /** The service's own database has committed; nothing is settled. */
  COMMITTED,
  /** Others were told; that is not noted anywhere yet. */
  SENT;

  /** Returns the name as it stands in a fault file. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the step of that name. */
  public static Optional<Step> named(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }

  /** Is told each step, and may not come back: that is how a service dies. */
  @FunctionalInterface
  public interface Listener {

    /** Notes that the handling of an order has come to a step. */
    void reached(Step step, long orderNumber) throws InterruptedException;
  }
}
