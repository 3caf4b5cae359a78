package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.PropertyList;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  private static final PropertyList PROPERTIES = PropertyList.beside(LeaseStoreContract.class);

  @Test
  void everyPropertyOfLeasesIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("lease", 24, LeaseStoreContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfGuardsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("guard", 9, GuardContract.class)).isEmpty();
  }
}
