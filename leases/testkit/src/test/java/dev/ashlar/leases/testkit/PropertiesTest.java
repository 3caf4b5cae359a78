package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.PropertyList;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  private static final PropertyList PROPERTIES = PropertyList.beside(LeaseStoreContract.class);

  @Test
  void everyPropertyOfLeasesIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("lease", 43, LeaseStoreContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfGuardsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("guard", 9, GuardContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfDetectorsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("detector", 9, DetectorContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfAssignmentsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("ownership", 3, AssignmentContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfElectionsIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("election", 7, ElectionContract.class)).isEmpty();
  }

  @Test
  void everyPropertyOfOwnersIsProvedAsItIsNeeded() {
    assertThat(PROPERTIES.assertProved("owner", 4, OwnerContract.class)).isEmpty();
  }
}
