package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.testkit.Seeds;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** How tests start another process with a class of theirs. */
final class LogChildren {

  private LogChildren() {}

  static List<String> command(Class<?> main, String heap, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-cp", classPath(main)));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Where the parts that the child needs lie, whether this JVM has modules or a class path. */
  private static String classPath(Class<?> main) {
    String simple = main.getName().substring(main.getName().lastIndexOf('.') + 1);
    Path file = Path.of(URI.create(String.valueOf(main.getResource(simple + ".class"))));
    String ups = "../".repeat(main.getPackageName().split("\\.", -1).length + 1);
    String tests = file.resolve(ups).normalize().toString();
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.concat(
            Stream.of(tests),
            Stream.of(DiskEventLog.class, Bytes.class, Seeds.class, Assertions.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString()))
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
