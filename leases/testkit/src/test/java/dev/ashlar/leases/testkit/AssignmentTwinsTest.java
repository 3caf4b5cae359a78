package dev.ashlar.leases.testkit;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of an assignment is caught by the property that is named for it. */
class AssignmentTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(AssignmentTwins.LeavesOutTwin.class, "LEASE-61")
        .and(AssignmentTwins.InputOrderTwin.class, "LEASE-61")
        .and(AssignmentTwins.DrawsTwin.class, "LEASE-61")
        .and(AssignmentTwins.UnboundedTwin.class, "LEASE-62")
        .and(AssignmentTwins.ModuloTwin.class, "LEASE-63")
        .tests();
  }
}
