package dev.ashlar.messaging.disk;

import dev.ashlar.core.Bytes;
import dev.ashlar.messaging.journal.Journal;
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

/** Runs a program in a JVM of its own, and kills it with a signal that cannot be caught. */
final class ChildJvm {

  private ChildJvm() {}

  /**
   * Runs a program of these tests.
   *
   * @param main its class, nested in a test
   * @param heap such as {@code 64m}
   * @param lines after how many lines of its output it is killed, if it has not ended by then
   * @return the whole lines that it wrote until its end, which may be some more: what it did before
   *     it died is not done behind the back of who counts
   */
  static List<String> run(Class<?> main, String heap, int lines, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(classPath(main));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> told = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null) {
        // The last line may be torn by the kill: only those that end as they should count.
        if (line.endsWith(";")) {
          told.add(line.substring(0, line.length() - 1));
        }
        if (told.size() == lines) {
          // By its handle: the process itself would close the stream.
          child.toHandle().destroyForcibly();
        }
        line = out.readLine();
      }
    } finally {
      child.destroyForcibly();
    }
    child.waitFor();
    return told;
  }

  /** Where the parts that a child needs lie, whether this JVM has modules or a class path. */
  private static String classPath(Class<?> main) {
    String file = main.getName().substring(main.getPackageName().length() + 1) + ".class";
    Path place = Path.of(URI.create(String.valueOf(main.getResource(file))));
    String ups = "../".repeat(main.getPackageName().split("\\.", -1).length + 1);
    // A module that tests are patched into has one place, and it is not that of the tests.
    return Stream.concat(
            Stream.of(place.resolve(ups).normalize().toString()),
            Stream.of(Journal.class, Bytes.class, Assertions.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString()))
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }
}
