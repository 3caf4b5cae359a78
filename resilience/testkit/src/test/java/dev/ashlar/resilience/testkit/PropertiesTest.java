package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.PropertyList;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  private static final PropertyList PROPERTIES = PropertyList.beside(PipelineContract.class);

  // What is proved beyond the list is listed by core's kit, or for pipelines: proved here again.

  @Test
  void everyPropertyOfPipelinesIsProvedAsItIsNeeded() {
    assertThat(
            PROPERTIES.assertProved(
                "pipeline",
                21,
                PipelineContract.class,
                RetryBudgetContract.class,
                BreakerContract.class))
        .containsExactly("CALL-17", "CALL-22");
  }

  @Test
  void everyPropertyOfTransportsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("http", 2, TransportContract.class))
        .containsExactly("CALL-18", "CALL-22");
  }
}
