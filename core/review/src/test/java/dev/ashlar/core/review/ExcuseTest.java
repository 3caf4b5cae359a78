package dev.ashlar.core.review;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The example in the doc comment of {@link ReviewRule}. */
class ExcuseTest {

  @Test
  void oneRuleWithAnExcuse() {
    JavaClasses classes = new ClassFileImporter().importClasses(ReviewRuleTest.Archive.class);
    String archive = ReviewRuleTest.Archive.class.getName();
    // [doc:ReviewRule]
    MessagingRules.MSG_R5
        .except(archive + ".pages", "filled once, at the start, from a list of twelve")
        .except(archive + ".notes", "one for each page")
        .check(classes);
    // [/doc]
  }
}
