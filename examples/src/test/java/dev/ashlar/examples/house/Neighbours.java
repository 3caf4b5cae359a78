package dev.ashlar.examples.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The table of DESIGN.md section 2, "who may know whom", over the modules of one tree. */
final class Neighbours {

  /** The JDK that runs the test says which packages are its own: {@code javax} alone would not. */
  private static final Set<String> JDK =
      ModuleLayer.boot().modules().stream()
          .filter(module -> module.getName().matches("(java|jdk)\\..*"))
          .flatMap(module -> module.getPackages().stream())
          .collect(Collectors.toUnmodifiableSet());

  private static final List<String> TEST_LIBRARIES =
      List.of(
          "org.junit",
          "org.opentest4j",
          "org.apiguardian",
          "org.assertj",
          "org.hamcrest",
          "com.tngtech.archunit",
          "org.testcontainers");

  /** The third parties of a block, or of a module, that has any. */
  private static final Map<String, List<String>> CHOSEN =
      Map.of(
          "core/review", List.of("org.objectweb.asm"),
          "serialization", List.of("tools.jackson", "com.fasterxml.jackson.annotation"),
          "resilience", List.of("io.github.resilience4j"),
          "tracing", List.of("org.slf4j", "io.opentelemetry"));

  private final String root;
  private final List<String> foldersLongestFirst;

  Neighbours(String root, Set<String> folders) {
    this.root = root;
    this.foldersLongestFirst =
        folders.stream().sorted(Comparator.comparing(String::length).reversed()).toList();
  }

  /** The module that a class of this tree belongs to; none for a third party's. */
  Optional<String> folderOf(JavaClass type) {
    return foldersLongestFirst.stream()
        .filter(folder -> isBelow(type, root + "." + folder.replace('/', '.')))
        .findFirst();
  }

  boolean mayKnowModule(String from, String to) {
    String block = from.split("/", -1)[0];
    if (from.equals(to)) {
      return true;
    }
    if (block.equals("examples")) {
      return !isTestKit(to) && !to.equals("core/review");
    }
    if (from.equals("core") || from.equals("core/review")) {
      return false;
    }
    if (to.equals("core") || (to.equals(block) && from.contains("/"))) {
      return true;
    }
    return (isTestKit(from) && to.equals("core/testkit"))
        || (from.equals("serialization/compat")
            && to.startsWith("serialization/")
            && !isTestKit(to));
  }

  boolean mayKnowLibrary(String from, JavaClass to) {
    if (isOfTheJdk(to) || isBelow(to, "org.jspecify") || isOfATestLibrary(to)) {
      return true;
    }
    boolean chosen =
        CHOSEN.getOrDefault(from, List.of()).stream().anyMatch(name -> isBelow(to, name));
    boolean adapter = from.contains("/") && !isTestKit(from) && !from.equals("core/review");
    return chosen || adapter || from.equals("examples");
  }

  boolean mayKnowTestLibraries(String from) {
    return isTestKit(from) || from.equals("core/review");
  }

  static boolean isOfATestLibrary(JavaClass type) {
    return TEST_LIBRARIES.stream().anyMatch(name -> isBelow(type, name));
  }

  /** Whether the class is of this tree, in a listed module or not. */
  boolean isOurs(JavaClass type) {
    return isBelow(type, root);
  }

  static boolean isBelow(JavaClass type, String packageName) {
    return (type.getPackageName() + ".").startsWith(packageName + ".");
  }

  private static boolean isOfTheJdk(JavaClass type) {
    return type.isPrimitive() || JDK.contains(type.getPackageName());
  }

  static boolean isTestKit(String folder) {
    return folder.endsWith("/testkit");
  }
}
