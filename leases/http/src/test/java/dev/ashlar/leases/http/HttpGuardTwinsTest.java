package dev.ashlar.leases.http;

import dev.ashlar.core.testkit.Twins;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each usual mistake of a service is caught by the property that is named for it. */
class HttpGuardTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(HttpGuardTwins.ChecksApartTwin.class, "LEASE-44")
        .and(HttpGuardTwins.FloorInMemoryTwin.class, "LEASE-43")
        .and(HttpGuardTwins.LargerIsEnoughTwin.class, "LEASE-46")
        .tests();
  }
}
