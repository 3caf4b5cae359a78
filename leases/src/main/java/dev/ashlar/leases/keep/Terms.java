package dev.ashlar.leases.keep;

import java.time.Duration;
import java.util.random.RandomGenerator;

/*
 * The clock rules. T is what was granted, r the drift bound, all times elapsed and local:
 *
 *   sent          T/3, +-10%        0.62 T                    D = sent + T/(1+r) - margin    sent + T
 *   |----------------|------------------|-------------------------------|---------------------|
 *   request leaves   renew              nothing heard: SUSPECT          LOST, by the clock    store may
 *                                                                                             grant again
 *
 * Everything counts from before the request was sent. The store starts its own term later, when the
 * request arrives, so its end comes later too, if its clock is not faster than r allows. An answer's
 * arrival moves nothing: a slow answer leaves less time, not more.
 *
 * The margin is the greater of a quarter of a second and T/20: it covers what no clock rule sees, such
 * as a timer that wakes late, or a backend that rounds. A request may take T/4: then the third chance
 * to renew still comes before D.
 */

/** The lengths that follow from a granted term. */
record Terms(Duration term, double driftBound) {

  private static final long MARGIN_LEAST_NANOS = Duration.ofMillis(250).toNanos();

  /** Returns for how long after sending the request the holder believes in the grant. */
  long believedNanos() {
    long nanos = term.toNanos();
    long margin = Math.max(MARGIN_LEAST_NANOS, nanos / 20);
    return Math.max(0, (long) (nanos / (1 + driftBound)) - margin);
  }

  /** Returns how long after a confirmed request the next one is sent. */
  long renewNanos(RandomGenerator random) {
    return (long) (term.toNanos() / 3.0 * (0.9 + 0.2 * random.nextDouble()));
  }

  /** Returns how long after a confirmed request its holder has reason to doubt. */
  long suspectNanos() {
    return (long) (term.toNanos() * (1.1 / 3 + 1.0 / 4));
  }

  /** Returns how long a request may take. */
  long requestNanos() {
    return term.toNanos() / 4;
  }

  /** Returns how long after an attempt without an answer the next one is made. */
  long retryNanos() {
    return term.toNanos() / 12;
  }
}
