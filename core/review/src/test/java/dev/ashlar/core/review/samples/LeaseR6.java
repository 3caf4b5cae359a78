package dev.ashlar.core.review.samples;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.guard.Floor;
import dev.ashlar.leases.guard.Guard;
import dev.ashlar.leases.guard.MemoryFloor;
import java.sql.Connection;

/** Floors that end before their data. */
final class LeaseR6 {

  private LeaseR6() {}

  @Finds(1)
  static final class Wrong {

    Guard<MemoryFloor.Transaction> accounts(TimeSource time) {
      // [readme:r6-wrong]
      return Guard.over(MemoryFloor.of(time), Observer.none()); // The accounts are in a database.
      // [/readme]
    }
  }

  @Finds(0)
  static final class Right {

    Guard<Connection> accounts(Floor<Connection> ofTheDatabase) {
      // [readme:r6-right]
      return Guard.over(ofTheDatabase, Observer.none()); // JdbcFloor.of(database)
      // [/readme]
    }
  }
}
