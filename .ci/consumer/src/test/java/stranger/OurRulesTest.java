package stranger;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.ashlar.core.review.MessagingRules;
import dev.ashlar.core.review.ReviewRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class OurRulesTest {

  @Test
  void weKeepTheRulesOfMessaging() {
    JavaClasses ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("stranger");

    for (ReviewRule rule : MessagingRules.ALL) {
      rule.check(ours);
    }
  }

  @Test
  void aQueueWithoutABoundIsFoundInALibrary() {
    JavaClasses theirs = new ClassFileImporter().importPackages("org.slf4j.helpers");

    List<String> found = MessagingRules.MSG_R5.evaluate(theirs).getFailureReport().getDetails();

    assertTrue(found.get(0).contains("org.slf4j.helpers.SubstituteLoggerFactory"));
  }
}
