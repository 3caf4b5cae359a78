package dev.ashlar.core.review;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static java.util.Objects.requireNonNull;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A rule page of Ashlar as a rule of ArchUnit, for the code of those who use Ashlar.
 *
 * <p>A rule sees what compiled classes show. Each page says under "How it is checked" what that is,
 * and what is left to whoever reviews.
 *
 * <p><b>Guarantees.</b> Every violation names the rule, the method and the line, and where the page
 * is. An excuse that excuses nothing is a violation too, so that none outlives its reason.
 *
 * <p><b>Not guaranteed.</b> That code without a violation keeps the rule: calls over several
 * classes, reflection and values are not followed.
 *
 * <p><b>Failures.</b> As of any {@link ArchRule}: {@link #check} throws an {@link AssertionError}.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <pre>{@code
 * MessagingRules.MSG_R5
 *     .except(archive + ".pages", "filled once, at the start, from a list of twelve")
 *     .except(archive + ".notes", "one for each page")
 *     .check(classes);
 * }</pre>
 */
public final class ReviewRule implements ArchRule {

  private final String id;
  private final String sentence;
  private final String page;
  private final Search search;
  private final List<Excuse> excuses;

  private record Excuse(String name, String because) {}

  private ReviewRule(String id, String sentence, String page, Search search, List<Excuse> excuses) {
    this.id = id;
    this.sentence = sentence;
    this.page = page;
    this.search = search;
    this.excuses = excuses;
  }

  static ReviewRule of(String block, String id, String sentence, Search search) {
    String page = block + "/rules/" + id + ".md";
    return new ReviewRule(id, sentence, page, search, List.of());
  }

  /** Returns the rule's id, such as {@code MSG-R5}; ids are never reused. */
  public String id() {
    return id;
  }

  /**
   * Returns where the rule's page is in Ashlar's sources, such as {@code
   * messaging/rules/MSG-R5.md}.
   */
  public String page() {
    return page;
  }

  /**
   * Returns this rule with a place where it need not be kept.
   *
   * @param name a class with its package, nested ones by {@code $}, or one of its methods, such as
   *     {@code com.shop.Archive.pages}
   * @param because the reason, for whoever reads the test
   */
  public ReviewRule except(String name, String because) {
    if (requireNonNull(name, "name").isBlank() || requireNonNull(because, "because").isBlank()) {
      throw new IllegalArgumentException(
          "name, because: '"
              + name
              + "', '"
              + because
              + "' (expected: a class or method, a reason)");
    }
    List<Excuse> more = new ArrayList<>(excuses);
    more.add(new Excuse(name, because));
    return new ReviewRule(id, sentence, page, search, List.copyOf(more));
  }

  /** Returns this rule with a class, those nested in it included, that need not keep it. */
  public ReviewRule except(Class<?> type, String because) {
    return except(type.getName(), because);
  }

  private ArchRule rule() {
    return classes().should(keep()).as(getDescription());
  }

  private ArchCondition<JavaClass> keep() {
    return new ArchCondition<>("keep " + id) {

      private Collection<JavaClass> all = List.of();

      @Override
      public void init(Collection<JavaClass> given) {
        all = given;
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        // Some rules are about all classes together, so all are looked at in the end.
      }

      @Override
      public void finish(ConditionEvents events) {
        violations(new Code(all))
            .forEach(text -> events.add(SimpleConditionEvent.violated(id, text)));
      }
    };
  }

  private Stream<String> violations(Code code) {
    List<Finding> found = search.in(code).distinct().toList();
    Stream<String> broken =
        found.stream()
            .filter(each -> excuses.stream().noneMatch(excuse -> each.isWithin(excuse.name)))
            .map(each -> id + ": " + each.text() + "; see " + page);
    Stream<String> idle =
        excuses.stream()
            .filter(excuse -> found.stream().noneMatch(each -> each.isWithin(excuse.name)))
            .map(
                excuse ->
                    id + ": " + excuse.name + " is excused (" + excuse.because + ") of nothing");
    return Stream.concat(broken, idle);
  }

  @Override
  public void check(JavaClasses classes) {
    rule().check(classes);
  }

  @Override
  public EvaluationResult evaluate(JavaClasses classes) {
    return rule().evaluate(classes);
  }

  @Override
  public ArchRule because(String reason) {
    return rule().because(reason);
  }

  @Override
  public ArchRule allowEmptyShould(boolean allow) {
    return rule().allowEmptyShould(allow);
  }

  @Override
  public ArchRule as(String description) {
    return rule().as(description);
  }

  /** Returns the id, the rule in one sentence, and where its page is. */
  @Override
  public String getDescription() {
    return id + ": " + sentence + " (" + page + ")";
  }

  @Override
  public String toString() {
    return getDescription();
  }
}
