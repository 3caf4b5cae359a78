package dev.ashlar.core.review.samples;

import dev.ashlar.core.Observer;
import dev.ashlar.leases.guard.Claim;
import dev.ashlar.leases.guard.ResourceWriter;
import java.sql.Connection;

/** Ways round a guard. */
final class LeaseR5 {

  private LeaseR5() {}

  interface Prices {
    int raise(Connection tx);
  }

  @Finds(1)
  record Wrong(Prices prices) {

    int raise(Connection tx) {
      // [readme:r5-wrong]
      ResourceWriter<Connection> writer =
          ResourceWriter.unfenced("prices", "the claim was refused", Observer.none());
      return writer.write(tx, () -> prices.raise(tx)).orThrow(); // Refused for a reason.
      // [/readme]
    }
  }

  @Finds(0)
  record Right(Prices prices, Claim<Connection> claim) {

    int raise(Connection tx) {
      // [readme:r5-right]
      return claim.write(tx, () -> prices.raise(tx)).orThrow();
      // [/readme]
    }
  }
}
