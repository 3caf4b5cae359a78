package dev.ashlar.examples.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rules that classes show, over the compiled classes of one tree. The tree is a parameter, so
 * that the same rules meet the samples that break them.
 */
final class Rules {

  private static final List<String> DRAWERS =
      List.of("util", "utils", "common", "helper", "helpers", "internal", "impl");
  private static final List<String> EMPTY_WORDS =
      List.of("Manager", "Helper", "Util", "Utils", "Abstract", "Base", "Default", "Impl");

  private final String root;
  private final Neighbours neighbours;

  Rules(String root, Set<String> folders) {
    this.root = root;
    this.neighbours = new Neighbours(root, folders);
  }

  ArchRule modulesKnowOnlyTheirOwnBlockAndCore() {
    return classes()
        .should(
            know(
                "only modules that DESIGN.md section 2 lets them",
                (from, to) ->
                    !neighbours.isOurs(to)
                        || neighbours
                            .folderOf(to)
                            .filter(folder -> neighbours.mayKnowModule(from, folder))
                            .isPresent()))
        .because(
            "whoever takes one block must not get another: blocks meet in core's words, and"
                + " examples is the only place where they meet");
  }

  ArchRule onlyAdaptersKnowThirdParties() {
    return classes()
        .should(
            know(
                "only libraries that DESIGN.md section 2 lets them",
                (from, to) -> neighbours.isOurs(to) || neighbours.mayKnowLibrary(from, to)))
        .because("the users of a block must not inherit a library they did not choose");
  }

  ArchRule onlyTestKitsKnowTestLibraries() {
    return classes()
        .should(
            know(
                "no test library unless they are a test kit",
                (from, to) ->
                    neighbours.mayKnowTestLibraries(from) || !Neighbours.isOfATestLibrary(to)))
        .because("nobody wants JUnit in production");
  }

  ArchRule onlySystemTimeReadsAClock() {
    return noClasses()
        .that(are("are not core's SystemTime", type -> !isCores(type, "SystemTime")))
        .should()
        .accessTargetWhere(reaching("it is a clock of the machine", Forbidden::isClock))
        .because("all time comes from a TimeSource, or no test could move it");
  }

  ArchRule onlyTimeSourcesWait() {
    return noClasses()
        .that(are("are not a TimeSource", type -> !isTimeSource(type)))
        .should()
        .accessTargetWhere(reaching("it is a sleep or a wait with a limit", Forbidden::isTimedWait))
        .because("who waits behind the TimeSource's back cannot be woken by a test");
  }

  ArchRule onlyTestKitsWaitForThreadsInRealTime() {
    return noClasses()
        .that(are("are neither a TimeSource nor a test kit's", this::isOrdinary))
        .should()
        .accessTargetWhere(reaching("it is a meeting with a limit", Forbidden::isTimedMeeting))
        .because(
            "a limit that is no Deadline ignores the TimeSource; only a test kit needs one, against"
                + " tests that hang");
  }

  ArchRule onlySystemTimeHasATimer() {
    return noClasses()
        .that(are("are not core's SystemTime", type -> !isCores(type, "SystemTime")))
        .should()
        .dependOnClassesThat(are("are timers", Forbidden::isTimer))
        .because("what is to happen later is TimeSource.after, which a test can bring about");
  }

  ArchRule nobodyDrawsUnseededChance() {
    return noClasses()
        .that(
            are(
                "are neither core's SystemTime nor the test kit's Seeds",
                type -> !isCores(type, "SystemTime") && !isCores(type, "testkit.Seeds")))
        .should()
        .accessTargetWhere(reaching("it is chance without a seed", Forbidden::isChance))
        .because("all chance comes from a RandomGenerator that somebody seeded and can seed again");
  }

  ArchRule noPackageIsADrawer() {
    return noClasses()
        .should(
            be(
                are(
                    "in a package for odds and ends",
                    type ->
                        Arrays.stream(type.getPackageName().split("\\.", -1))
                            .anyMatch(DRAWERS::contains))))
        .because("a package is a feature, and none of these is one: " + DRAWERS);
  }

  ArchRule typesAreNounsOfTheTrade() {
    return noClasses()
        .should(
            be(
                are(
                    "named with an empty word",
                    type ->
                        Arrays.stream(type.getSimpleName().split("(?=\\p{Upper})", -1))
                            .anyMatch(EMPTY_WORDS::contains))))
        .because(
            "a type is named by what makes it different, which none of these is: " + EMPTY_WORDS);
  }

  ArchRule coreHasAtMost(int publicTypes) {
    return classes()
        .that(
            are("are core's", type -> neighbours.folderOf(type).stream().anyMatch("core"::equals)))
        .should(haveAtMost(publicTypes))
        .because("core is only what every block would be poorer without");
  }

  ArchRule packagesAreNullMarked() {
    return classes()
        .should(
            be(
                are(
                    "in a package whose package-info says @NullMarked",
                    type ->
                        type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))))
        .because("no null goes in or out, and NullAway looks at marked packages only");
  }

  ArchRule librariesDoNotPrint() {
    return noClasses()
        .that(
            are(
                "are of a library, and not the collator's command line",
                type -> !isExample(type) && !isCommandLine(type)))
        .should()
        .accessTargetWhere(reaching("it is the console", Forbidden::isConsole))
        .because("the console belongs to the application, and the collator is one");
  }

  ArchRule nobodyLogsThroughTheJdk() {
    return noClasses()
        .should()
        .dependOnClassesThat(are("are loggers of the JDK", Forbidden::isLoggerOfTheJdk))
        .because("what is to be seen goes through core's Observer");
  }

  ArchRule blocksDoNotLog() {
    return noClasses()
        .that(
            are(
                "are not tracing's, whose trade it is, nor the shop's own log",
                type -> !isTracing(type) && !isLogOfTheShop(type)))
        .should()
        .dependOnClassesThat(are("are loggers", Forbidden::isLogger))
        .because("what is to be seen goes through core's Observer");
  }

  ArchRule nobodySerializesThroughTheJdk() {
    return noClasses()
        .should()
        .dependOnClassesThat(are("are object streams", Forbidden::isObjectStream))
        .because("an object stream runs the code that the bytes ask for");
  }

  ArchRule onlyCoreHasThreadLocals() {
    return noClasses()
        .that(
            are(
                "are not core's",
                type -> !neighbours.folderOf(type).stream().anyMatch("core"::equals)))
        .should()
        .dependOnClassesThat(are("are thread-locals", Forbidden::isThreadLocal))
        .because("what a call carries is a parameter or core's CallContext, never hidden twice");
  }

  ArchRule testsDoNotSleep() {
    return noClasses()
        .should()
        .accessTargetWhere(reaching("it is a sleep", Forbidden::isSleep))
        .because("a sleep is too long on a fast machine and too short on a slow one");
  }

  private ArchCondition<JavaClass> know(String what, MayKnow mayKnow) {
    return new ArchCondition<>("know " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String folder = neighbours.folderOf(type).orElse("");
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          if (!mayKnow.test(folder, dependency.getTargetClass())) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> haveAtMost(int publicTypes) {
    List<String> found = new ArrayList<>();
    return new ArchCondition<>("have at most " + publicTypes + " public top-level types") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC)) {
          found.add(type.getSimpleName());
        }
      }

      @Override
      public void finish(ConditionEvents events) {
        if (found.size() > publicTypes) {
          events.add(SimpleConditionEvent.violated(found, found.size() + " are public: " + found));
        }
      }
    };
  }

  /** Whether a class of the module in the folder may know the other class. */
  private interface MayKnow {
    boolean test(String folder, JavaClass to);
  }

  private boolean isCores(JavaClass type, String name) {
    return outermost(type).getName().equals(root + ".core." + name);
  }

  private boolean isTimeSource(JavaClass type) {
    return outermost(type).isAssignableTo(root + ".core.TimeSource");
  }

  private boolean isOrdinary(JavaClass type) {
    return !isTimeSource(type) && neighbours.folderOf(type).filter(Neighbours::isTestKit).isEmpty();
  }

  private boolean isExample(JavaClass type) {
    return Neighbours.isBelow(type, root + ".examples");
  }

  private boolean isCommandLine(JavaClass type) {
    return outermost(type).getName().equals(root + ".tracing.collate.Main");
  }

  private boolean isTracing(JavaClass type) {
    return Neighbours.isBelow(type, root + ".tracing");
  }

  /** An application logs, and this is the one place where the shop's does. */
  private boolean isLogOfTheShop(JavaClass type) {
    return Neighbours.isBelow(type, root + ".examples.shop.log");
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(Rules::outermost).orElse(type);
  }

  private static DescribedPredicate<JavaClass> are(String what, Predicate<JavaClass> test) {
    return describe(what, test);
  }

  private static DescribedPredicate<JavaAccess<?>> reaching(
      String what, Predicate<JavaAccess<?>> test) {
    return describe(what, test);
  }
}
