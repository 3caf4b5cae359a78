package dev.ashlar.core.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.ashlar.core.review.samples.Finds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each rule finds what is wrong with its samples, and nothing in those that keep it. */
class RulesTest {

  private static final Path ROOT = Path.of("../..");

  private static List<ReviewRule> rules() {
    return Stream.of(MessagingRules.ALL, LeaseRules.ALL, CallRules.ALL, TraceRules.ALL)
        .flatMap(List::stream)
        .toList();
  }

  @TestFactory
  Stream<DynamicTest> samples() {
    return rules().stream().flatMap(RulesTest::samplesOf);
  }

  /** MSG-R3 has its samples in MsgR3. */
  private static Stream<DynamicTest> samplesOf(ReviewRule rule) {
    String[] id = rule.id().split("-", -1);
    String name = id[0].charAt(0) + id[0].substring(1).toLowerCase(Locale.ROOT) + id[1];
    List<Class<?>> samples =
        Arrays.stream(type("dev.ashlar.core.review.samples." + name).getDeclaredClasses())
            .filter(sample -> sample.isAnnotationPresent(Finds.class))
            .toList();
    assertThat(samples).as(name).anyMatch(sample -> found(sample) > 0);
    assertThat(samples).as(name).anyMatch(sample -> found(sample) == 0);
    return samples.stream()
        .map(
            sample ->
                DynamicTest.dynamicTest(
                    rule.id() + " finds " + found(sample) + " in " + sample.getSimpleName(),
                    () -> assertFinds(rule, sample)));
  }

  private static void assertFinds(ReviewRule rule, Class<?> sample) {
    List<String> violations = violations(rule, sample);

    assertThat(violations)
        .hasSize(found(sample))
        .allSatisfy(
            text ->
                assertThat(text)
                    .startsWith(rule.id() + ": ")
                    .contains(sample.getName() + ".")
                    .endsWith("; see " + rule.page()));
  }

  static List<String> violations(ReviewRule rule, Class<?>... types) {
    return rule.evaluate(imported(types)).getFailureReport().getDetails();
  }

  private static JavaClasses imported(Class<?>... types) {
    List<Class<?>> all = new ArrayList<>(List.of(types));
    for (Class<?> type : types) {
      all.addAll(List.of(type.getDeclaredClasses()));
    }
    return new ClassFileImporter().importClasses(all);
  }

  private static int found(Class<?> sample) {
    return sample.getAnnotation(Finds.class).value();
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyRuleHasItsPageThatSaysTheSame() throws IOException {
    for (ReviewRule rule : rules()) {
      String page = Files.readString(ROOT.resolve(rule.page()));
      assertThat(page).startsWith("# " + rule.id() + ": ");
      assertThat(page)
          .as("%s says which part of it is checked", rule.page())
          .contains("`" + rule.getClass().getPackageName() + "`")
          .contains(rule.id().replace('-', '_'));
    }
  }

  @Test
  void noPageSaysThatItIsCheckedHereAndIsNot() throws IOException {
    TreeSet<String> claimed = new TreeSet<>();
    for (String block : List.of("messaging", "leases", "resilience", "tracing")) {
      try (Stream<Path> pages = Files.list(ROOT.resolve(block).resolve("rules"))) {
        for (Path page : pages.toList()) {
          if (Files.readString(page).contains("`dev.ashlar.core.review`")) {
            claimed.add(page.getFileName().toString().replace(".md", ""));
          }
        }
      }
    }

    assertThat(claimed).isEqualTo(new TreeSet<>(rules().stream().map(ReviewRule::id).toList()));
  }
}
