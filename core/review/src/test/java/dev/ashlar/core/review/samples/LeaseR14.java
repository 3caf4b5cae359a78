package dev.ashlar.core.review.samples;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseStore;
import dev.ashlar.leases.keep.LeaseOptions;
import dev.ashlar.leases.keep.Leases;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Nonces that another process has too. */
final class LeaseR14 {

  private LeaseR14() {}

  @Finds(1)
  static final class Wrong {

    Leases leases(LeaseStore store, TimeSource time) {
      LeaseOptions options = LeaseOptions.of("host-1", new SplittableRandom(1));
      // [readme:r14-wrong]
      IdSource ids = IdSource.of(time, new SplittableRandom(42)); // As in every other process.
      return Leases.of(store, options, ids, time, Observer.none());
      // [/readme]
    }
  }

  @Finds(0)
  static final class Right {

    Leases leases(LeaseStore store, RandomGenerator random, TimeSource time) {
      LeaseOptions options = LeaseOptions.of("host-1", random);
      // [readme:r14-right]
      return Leases.of(store, options, IdSource.system(), time, Observer.none());
      // [/readme]
    }
  }
}
