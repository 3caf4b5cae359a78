package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.testkit.Seeds;
import dev.ashlar.messaging.journal.Journal;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** Starts a main class of the tests in a process of its own. */
final class QueueChild {

  private QueueChild() {}

  static Process start(Class<?> main, String heap, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(classPath(main));
    command.add(main.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** Where the parts that the child needs lie, whether this JVM has modules or a class path. */
  private static String classPath(Class<?> main) {
    String name = main.getName().substring(main.getPackageName().length() + 1);
    Path file = Path.of(URI.create(String.valueOf(main.getResource(name + ".class"))));
    String ups = "../".repeat(main.getPackageName().split("\\.", -1).length + 1);
    String tests = file.resolve(ups).normalize().toString();
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.concat(
            Stream.of(tests),
            Stream.of(Journal.class, Bytes.class, Seeds.class, Assertions.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString()))
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
