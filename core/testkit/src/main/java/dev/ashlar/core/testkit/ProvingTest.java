package dev.ashlar.core.testkit;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * A test method that proves something, as run by one class.
 *
 * @param owner the name of the class that carries the subject, or runs the test if none does
 * @param subject empty if no class carries one, which the gathering step reports
 * @param className of the class that runs the test
 * @param tags of the test and of all that stands around it
 */
record ProvingTest(
    String owner, String subject, String className, Method method, Set<String> tags) {

  static Optional<ProvingTest> of(MethodSource source, TestIdentifier test, TestPlan plan) {
    Method method = source.getJavaMethod();
    if (method.getAnnotationsByType(Proves.class).length == 0) {
      return Optional.empty();
    }
    String running = source.getJavaClass().getName();
    Set<String> tags = tags(test, plan);
    return Optional.of(
        carrier(source.getJavaClass(), test, plan)
            .map(
                carrier ->
                    new ProvingTest(carrier.getName(), subject(carrier), running, method, tags))
            .orElseGet(() -> new ProvingTest(running, "", running, method, tags)));
  }

  /** The nested classes of a contract know no subject; the class around them that is run does. */
  private static Optional<Class<?>> carrier(Class<?> running, TestIdentifier test, TestPlan plan) {
    if (running.isAnnotationPresent(Subject.class)) {
      return Optional.of(running);
    }
    Optional<TestIdentifier> at = plan.getParent(test);
    while (at.isPresent()) {
      if (at.get().getSource().orElse(null) instanceof ClassSource source
          && source.getJavaClass().isAnnotationPresent(Subject.class)) {
        return Optional.of(source.getJavaClass());
      }
      at = plan.getParent(at.get());
    }
    return Optional.empty();
  }

  private static Set<String> tags(TestIdentifier test, TestPlan plan) {
    Set<String> tags = new TreeSet<>();
    for (Optional<TestIdentifier> at = Optional.of(test); at.isPresent(); ) {
      at.get().getTags().forEach(tag -> tags.add(tag.getName()));
      at = plan.getParent(at.get());
    }
    return tags;
  }

  private static String subject(Class<?> carrier) {
    Subject subject = carrier.getAnnotation(Subject.class);
    return subject == null ? "" : subject.value();
  }

  List<Proves> proves() {
    return List.of(method.getAnnotationsByType(Proves.class));
  }

  /** Returns the class without its package, and the method. */
  String name() {
    return className.substring(className.lastIndexOf('.') + 1) + "." + method.getName();
  }
}
