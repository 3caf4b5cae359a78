package dev.ashlar.examples.shop.page;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Operation;
import java.util.Locale;
import java.util.Optional;

/** The page that shows a product. */
@FunctionalInterface
public interface ProductPage {

  /**
   * Puts the page together.
   *
   * @param page counts from 1
   * @param context of the visitor's request
   */
  Shown show(long page, CallContext context) throws InterruptedException;

  /** What the visitor got to see. */
  enum Shown implements Operation.Ending {
    /** All parts. */
    WHOLE,
    /** A page with a substitute in it. */
    DEGRADED,
    /** None. */
    FAILED;

    @Override
    public Optional<String> failure() {
      return this == WHOLE ? Optional.empty() : Optional.of(name().toLowerCase(Locale.ROOT));
    }
  }
}
