package dev.ashlar.tracing.testkit;

import dev.ashlar.core.testkit.PropertyList;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  private static final PropertyList PROPERTIES = PropertyList.beside(TraceContextContract.class);

  @Test
  void everyPropertyOfTracesIsProvedAsItIsNeeded() {
    PROPERTIES.assertProved("trace", 10, TraceContextContract.class);
  }

  @Test
  void everyPropertyOfBoundariesIsProvedAsItIsNeeded() {
    PROPERTIES.assertProved("boundary", 3, BoundaryContract.class);
  }

  @Test
  void everyPropertyOfExecutorsIsProvedAsItIsNeeded() {
    PROPERTIES.assertProved("executor", 3, ExecutorContract.class);
  }

  @Test
  void everyPropertyOfTransportsIsProvedAsItIsNeeded() {
    PROPERTIES.assertProved("transport", 4, TransportContract.class);
  }

  @Test
  void everyPropertyOfIdsIsProvedAsItIsNeeded() {
    PROPERTIES.assertProved("ids", 7, LogContextContract.class);
  }
}
