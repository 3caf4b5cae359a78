package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each example of one file prints what it says, compiles alone, and is listed in the README. */
class SingleFilesTest {

  private static final Path SOURCES = Path.of("src/main/java/dev/ashlar/examples");

  /** Those whose doc comment shows what they print; the others' output stands in a README. */
  private static Map<String, Example> printing() {
    Map<String, Example> examples = new TreeMap<>();
    examples.put("CompetingConsumers", CompetingConsumers::run);
    examples.put("PoisonMessage", PoisonMessage::run);
    examples.put("ParkedKey", ParkedKey::run);
    examples.put("ReplayedView", ReplayedView::run);
    examples.put("FullQueue", FullQueue::run);
    examples.put("LateSubscriber", LateSubscriber::run);
    examples.put("LostDisk", LostDisk::run);
    examples.put("TwoWriters", TwoWriters::run);
    examples.put("NightlyJob", NightlyJob::run);
    examples.put("CutOffWorker", CutOffWorker::run);
    examples.put("RejectionMessages", RejectionMessages::run);
    examples.put("OldLeader", OldLeader::run);
    examples.put("RollingTakeover", RollingTakeover::run);
    return examples;
  }

  private interface Example {
    void run(PrintStream out) throws Exception;
  }

  @TestFactory
  Stream<DynamicTest> theOutputIsTheOneInTheDocComment() {
    return printing().entrySet().stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.getKey(),
                    () ->
                        assertThat(printed(example.getValue()))
                            .isEqualTo(shown(example.getKey()))));
  }

  private static String printed(Example example) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    example.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static String shown(String example) throws IOException {
    String source = Files.readString(SOURCES.resolve(example + ".java"));
    String block = source.substring(source.indexOf("<pre>\n"), source.indexOf(" * </pre>"));
    return block
        .lines()
        .skip(1)
        .map(line -> line.replaceFirst("^ \\* ?", "") + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void everyFileIsListedInTheReadme() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    for (Path file : files()) {
      String name = file.getFileName().toString();
      assertThat(readme).contains("[`" + name + "`](" + SOURCES + "/" + name + ")");
    }
  }

  /** Beside what the example depends on, the other examples are not there. */
  @TestFactory
  Stream<DynamicTest> everyFileCompilesAlone(@TempDir Path folder) throws IOException {
    String classes = Path.of("target").toAbsolutePath().toString();
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !Path.of(entry).toAbsolutePath().startsWith(classes))
            .collect(Collectors.joining(File.pathSeparator));
    return files().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(faults(file, libraries, folder)).isEmpty()));
  }

  private static String faults(Path file, String libraries, Path folder) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("--release", "17", "-proc:none", "-cp", libraries, "-d", folder.toString());
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      boolean compiled =
          compiler
              .getTask(
                  messages, manager, null, options, null, manager.getJavaFileObjects(file.toFile()))
              .call();
      return compiled ? "" : messages.toString();
    }
  }

  private static List<Path> files() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(SOURCES)) {
      all.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .sorted()
          .forEach(files::add);
    }
    assertThat(files).isNotEmpty();
    return files;
  }
}
