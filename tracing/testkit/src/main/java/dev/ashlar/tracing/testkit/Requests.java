package dev.ashlar.tracing.testkit;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Criticality;
import dev.ashlar.core.Deadline;
import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import java.time.Duration;

/** Contexts of requests to test with, and the receivers that read them. */
final class Requests {

  static final Duration LONGEST = Duration.ofMinutes(1);

  private Requests() {}

  static CallContext root() {
    return CallContext.root(
        IdSource.system(), Deadline.after(LONGEST, TimeSource.system()), "test");
  }

  static CallContext.Receiver receiver(CallContext.Trust trust) {
    return new CallContext.Receiver(
        trust,
        Criticality.CRITICAL,
        LONGEST,
        IdSource.system(),
        TimeSource.system(),
        Observer.none());
  }
}
