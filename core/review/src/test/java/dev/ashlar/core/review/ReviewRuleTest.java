package dev.ashlar.core.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class ReviewRuleTest {

  static final class Archive {

    ConcurrentLinkedQueue<String> pages() {
      return new ConcurrentLinkedQueue<>();
    }

    ConcurrentLinkedQueue<String> notes() {
      return new ConcurrentLinkedQueue<>();
    }
  }

  static final class ArchiveOfOthers {}

  private static final String NAME = Archive.class.getName();

  @Test
  void aViolationNamesTheRuleThePlaceAndThePage() {
    assertThat(RulesTest.violations(MessagingRules.MSG_R5, Archive.class))
        .hasSize(2)
        .anySatisfy(
            text ->
                assertThat(text)
                    .matches(
                        "MSG-R5: a queue that has no bound in "
                            + NAME.replace("$", "\\$")
                            + ".pages \\(ReviewRuleTest.java:\\d+\\); see messaging/rules/MSG-R5.md"));
    assertThat(MessagingRules.MSG_R5.getDescription())
        .isEqualTo(
            "MSG-R5: every queue between threads or processes MUST have a bound"
                + " (messaging/rules/MSG-R5.md)");
  }

  @Test
  void anExcuseIsForAMethodOrForAClass() {
    ReviewRule rule = MessagingRules.MSG_R5;

    assertThat(RulesTest.violations(rule.except(NAME + ".pages", "twelve"), Archive.class))
        .singleElement()
        .satisfies(text -> assertThat(text).contains(".notes "));
    assertThat(RulesTest.violations(rule.except(Archive.class, "few"), Archive.class)).isEmpty();
  }

  @Test
  void anExcuseThatExcusesNothingIsAViolation() {
    ReviewRule rule = MessagingRules.MSG_R5.except(ArchiveOfOthers.class, "once there was one");

    assertThat(RulesTest.violations(rule, ArchiveOfOthers.class))
        .containsExactly("MSG-R5: " + NAME + "OfOthers is excused (once there was one) of nothing");
    assertThat(RulesTest.violations(rule, Archive.class)).hasSize(3);
  }

  @Test
  void anExcuseHasAReason() {
    assertThatThrownBy(() -> MessagingRules.MSG_R5.except(NAME, " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name, because: '" + NAME + "', ' ' (expected: a class or method, a reason)");
  }

  @Test
  void aRuleIsARuleOfArchUnit() {
    JavaClasses classes = new ClassFileImporter().importClasses(Archive.class);

    assertThatThrownBy(() -> MessagingRules.MSG_R5.check(classes))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("MSG-R5: every queue between threads or processes MUST have a bound");
    assertThatThrownBy(() -> MessagingRules.MSG_R5.because("of the last outage").check(classes))
        .hasMessageContaining("of the last outage");
    MessagingRules.MSG_R3.check(classes);
  }

  @Test
  void aRuleThatLooksAtNothingFails() {
    JavaClasses none = new ClassFileImporter().importPackages("no.such.place");

    assertThatThrownBy(() -> MessagingRules.MSG_R5.check(none)).isInstanceOf(AssertionError.class);
    MessagingRules.MSG_R5.allowEmptyShould(true).check(none);
  }

  /** SLF4J keeps what is logged before its provider is there, in a queue that nobody bounded. */
  @Test
  void classesAreReadFromJarsToo() {
    JavaClasses library = new ClassFileImporter().importPackages("org.slf4j.helpers");

    assertThat(MessagingRules.MSG_R5.evaluate(library).getFailureReport().getDetails())
        .singleElement()
        .satisfies(
            text ->
                assertThat(text)
                    .startsWith("MSG-R5: a queue without a bound in ")
                    .contains("org.slf4j.helpers.SubstituteLoggerFactory.<init>"));
  }
}
