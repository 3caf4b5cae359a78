package dev.ashlar.examples.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the whole checkout to DESIGN.md sections 1 to 4. {@link RulesCanFailTest} is its twin. */
@DisplayName("the house")
class HouseTest {

  /** Code that breaks the rules of core/review, on purpose. */
  private static final String REVIEWED_SAMPLES = House.ROOT_PACKAGE + ".core.review.samples";

  private static House house;
  private static JavaClasses mainClasses;

  @BeforeAll
  static void readTheTree() {
    house = House.aroundHere();
    for (House.Module module : house.jars()) {
      assertThat(module.classes())
          .as("%s is not built; run mvn verify at the root", module.folder())
          .isDirectory();
    }
    mainClasses =
        new ClassFileImporter()
            .importPaths(house.jars().stream().map(House.Module::classes).toList());
  }

  @TestFactory
  Stream<DynamicTest> mainClasses() {
    Rules rules = new Rules(House.ROOT_PACKAGE, house.jarFolders());
    return Stream.of(
            rules.modulesKnowOnlyTheirOwnBlockAndCore(),
            rules.onlyAdaptersKnowThirdParties(),
            rules.onlyTestKitsKnowTestLibraries(),
            rules.onlySystemTimeReadsAClock(),
            rules.onlyTimeSourcesWait(),
            rules.onlyTestKitsWaitForThreadsInRealTime(),
            rules.onlySystemTimeHasATimer(),
            rules.nobodyDrawsUnseededChance(),
            rules.noPackageIsADrawer(),
            rules.typesAreNounsOfTheTrade(),
            rules.coreHasAtMost(20),
            rules.packagesAreNullMarked(),
            rules.librariesDoNotPrint(),
            rules.nobodyLogsThroughTheJdk(),
            rules.blocksDoNotLog(),
            rules.nobodySerializesThroughTheJdk(),
            rules.onlyCoreHasThreadLocals())
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> rule.check(mainClasses)));
  }

  @Test
  void testsDoNotSleep() {
    List<Path> testFolders =
        house.jars().stream().map(House.Module::testClasses).filter(Files::isDirectory).toList();
    JavaClasses testClasses =
        new ClassFileImporter()
            .importPaths(testFolders)
            .that(
                DescribedPredicate.describe(
                    "not samples of wrongdoing",
                    (JavaClass type) ->
                        !Neighbours.isBelow(type, RulesCanFailTest.SAMPLES)
                            && !Neighbours.isBelow(type, REVIEWED_SAMPLES)));
    ArchRule rule = new Rules(House.ROOT_PACKAGE, house.jarFolders()).testsDoNotSleep();
    rule.check(testClasses);
  }

  @Test
  void everyModuleHasItsRoomAndIsBuilt() {
    assertThat(Layout.strangers(house)).isEmpty();
  }

  @Test
  void everyNameFollowsFromTheFolder() {
    assertThat(Layout.misnamed(house)).isEmpty();
  }

  @Test
  void theBomListsWhatIsPublished() {
    assertThat(Layout.bomGaps(house)).isEmpty();
  }

  @Test
  void fakesAreWrittenNotMocked() {
    assertThat(Layout.mocks(house)).isEmpty();
  }

  @Test
  void noPackageStandsInTwoModules() {
    assertThat(Layout.strayPackages(House.ROOT_PACKAGE, house.packages())).isEmpty();
  }
}
