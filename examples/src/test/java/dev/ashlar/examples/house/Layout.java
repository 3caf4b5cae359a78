package dev.ashlar.examples.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules about folders, poms and packages, which no single class shows. Each answers with its
 * complaints, so that one run tells all of them.
 */
final class Layout {

  private static final Set<String> ROOMS =
      Set.of("core", "serialization", "messaging", "leases", "resilience", "tracing", "examples");
  private static final Pattern MODULE_NAME = Pattern.compile("(?m)^(?:open )?module ([\\w.]+) ");
  private static final Pattern MOCKS =
      Pattern.compile("<groupId>[^<]*(mockito|easymock|jmock|powermock|mockk)[^<]*</groupId>");

  private Layout() {}

  /** A module outside the seven rooms, or a pom that the root does not list and nobody builds. */
  static List<String> strangers(House house) {
    Set<String> listed = new TreeSet<>(List.of(""));
    List<String> complaints = new ArrayList<>();
    for (House.Module module : house.modules()) {
      listed.add(module.folder());
      if (!ROOMS.contains(module.folder().split("/", -1)[0])) {
        complaints.add(module.folder() + " stands outside the seven top-level folders");
      }
    }
    for (Path pom : poms(house.root())) {
      String folder = house.root().relativize(pom.getParent()).toString().replace('\\', '/');
      if (!listed.contains(folder)) {
        complaints.add(folder + " has a pom but the root pom does not list it");
      }
    }
    return complaints;
  }

  /** Artifacts, module names and parents that do not follow from the folder. */
  static List<String> misnamed(House house) {
    List<String> complaints = new ArrayList<>();
    for (House.Module module : house.jars()) {
      String artifact = "ashlar-" + module.folder().replace('/', '-');
      if (!module.pom().texts("artifactId").equals(List.of(artifact))) {
        complaints.add(module.folder() + ": artifactId (expected: " + artifact + ")");
      }
      if (!module.pom().texts("parent", "artifactId").equals(List.of("ashlar-parent"))) {
        complaints.add(module.folder() + ": parent (expected: ashlar-parent)");
      }
      if (!moduleName(module).equals(module.packageName())) {
        complaints.add(
            module.folder()
                + ": name on the module path is '"
                + moduleName(module)
                + "' (expected: "
                + module.packageName()
                + ")");
      }
    }
    return complaints;
  }

  /** Differences between what the BOM lists and what is published. */
  static List<String> bomGaps(House house) {
    Set<String> published =
        house.jars().stream()
            .filter(House.Module::isPublished)
            .flatMap(module -> module.pom().texts("artifactId").stream())
            .collect(Collectors.toCollection(TreeSet::new));
    Pom bom = Pom.read(house.root().resolve("core/bom/pom.xml"));
    Set<String> listed =
        new TreeSet<>(
            bom.texts("dependencyManagement", "dependencies", "dependency", "artifactId"));
    List<String> complaints = new ArrayList<>();
    published.stream()
        .filter(artifact -> !listed.contains(artifact))
        .forEach(artifact -> complaints.add("the BOM lacks " + artifact));
    listed.stream()
        .filter(artifact -> !published.contains(artifact))
        .forEach(artifact -> complaints.add("the BOM lists " + artifact + ", which is no module"));
    if (!bom.elements("parent").isEmpty() || !bom.elements("dependencies").isEmpty()) {
      complaints.add("the BOM has a parent or dependencies");
    }
    return complaints;
  }

  static List<String> mocks(House house) {
    List<String> complaints = new ArrayList<>();
    for (Path pom : poms(house.root())) {
      Matcher mock = MOCKS.matcher(read(pom));
      if (mock.find()) {
        complaints.add(house.root().relativize(pom) + " names " + mock.group(1));
      }
    }
    return complaints;
  }

  /** Packages in two modules, and packages that do not stand under their module's own name. */
  static List<String> strayPackages(String root, Map<String, Set<String>> packagesByFolder) {
    Map<String, String> owners = new TreeMap<>();
    List<String> complaints = new ArrayList<>();
    new TreeMap<>(packagesByFolder)
        .forEach(
            (folder, packages) -> {
              String own = root + "." + folder.replace('/', '.');
              for (String name : packages) {
                String other = owners.putIfAbsent(name, folder);
                if (other != null) {
                  complaints.add(name + " stands in " + other + " and in " + folder);
                }
                if (!(name + ".").startsWith(own + ".")) {
                  complaints.add(name + " stands in " + folder + " (expected: under " + own + ")");
                }
              }
            });
    return complaints;
  }

  private static String moduleName(House.Module module) {
    Path descriptor = module.path().resolve("src/main/java/module-info.java");
    if (Files.exists(descriptor)) {
      Matcher name = MODULE_NAME.matcher(read(descriptor));
      return name.find() ? name.group(1) : "";
    }
    return module.pom().text("properties", "automatic.module.name").orElse("");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> poms(Path root) {
    List<Path> poms = new ArrayList<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = folder.getFileName().toString();
              boolean foreign = name.equals("target") || name.equals("src") || name.startsWith(".");
              return foreign && !folder.equals(root)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.endsWith("pom.xml")) {
                poms.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return poms;
  }
}
