package dev.ashlar.examples.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The checkout, as its root pom lists it. */
record House(Path root, Pom pom, List<Module> modules) {

  static final String ROOT_PACKAGE = "dev.ashlar";

  /** One folder of the root pom's list. */
  record Module(String folder, Path path, Pom pom) {

    /** The package under which all of the module's packages stand. */
    String packageName() {
      return ROOT_PACKAGE + "." + folder.replace('/', '.');
    }

    boolean isJar() {
      return pom.text("packaging").map("jar"::equals).orElse(true);
    }

    boolean isPublished() {
      return !folder.split("/", -1)[0].equals("examples");
    }

    Path classes() {
      return path.resolve("target/classes");
    }

    Path testClasses() {
      return path.resolve("target/test-classes");
    }
  }

  static House at(Path root) {
    Pom pom = Pom.read(root.resolve("pom.xml"));
    List<Module> modules = new ArrayList<>();
    for (String folder : pom.texts("modules", "module")) {
      Path path = root.resolve(folder);
      modules.add(new Module(folder, path, Pom.read(path.resolve("pom.xml"))));
    }
    return new House(root, pom, List.copyOf(modules));
  }

  /** The house that the test runs in, whichever of its folders is the working directory. */
  static House aroundHere() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path pom = at.resolve("pom.xml");
      if (Files.exists(pom) && Pom.read(pom).texts("artifactId").contains("ashlar-parent")) {
        return at(at);
      }
    }
    throw new IllegalStateException("no folder above has the pom of ashlar-parent");
  }

  List<Module> jars() {
    return modules.stream().filter(Module::isJar).toList();
  }

  Set<String> jarFolders() {
    return jars().stream().map(Module::folder).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The compiled packages of every module, by the module's folder. */
  Map<String, Set<String>> packages() {
    Map<String, Set<String>> packages = new TreeMap<>();
    for (Module module : jars()) {
      packages.put(module.folder(), packagesBelow(module.classes()));
    }
    return packages;
  }

  private static Set<String> packagesBelow(Path classes) {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(file -> classes.relativize(file).getParent())
          .filter(folder -> folder != null)
          .map(folder -> folder.toString().replace(folder.getFileSystem().getSeparator(), "."))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(classes + " is not built; run mvn verify at the root", e);
    }
  }
}
