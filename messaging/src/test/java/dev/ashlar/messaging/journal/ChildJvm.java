package dev.ashlar.messaging.journal;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.testkit.Eventually;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** Starts a class of these tests in a process of its own. */
final class ChildJvm {

  private ChildJvm() {}

  /** Starts a main class; what it says to standard error is shown. */
  static Process start(Class<?> main, List<String> options, String... arguments)
      throws IOException {
    return new ProcessBuilder(command(main, options, arguments))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  static List<String> command(Class<?> main, List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  static BufferedReader output(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Reads all that a child says until it ends. */
  static List<String> outputOf(Process child) throws IOException {
    try (BufferedReader told = output(child)) {
      return told.lines().toList();
    } finally {
      child.destroyForcibly();
    }
  }

  /** Where the parts that the child needs lie, whether this JVM has modules or a class path. */
  private static String classPath() {
    URI self = URI.create(String.valueOf(ChildJvm.class.getResource("ChildJvm.class")));
    Path file = Path.of(self);
    String ups = "../".repeat(ChildJvm.class.getPackageName().split("\\.", -1).length + 1);
    String tests = file.resolve(ups).normalize().toString();
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.concat(
            Stream.of(tests),
            Stream.of(Journal.class, Bytes.class, Eventually.class, Assertions.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString()))
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
