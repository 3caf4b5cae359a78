package dev.ashlar.examples.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A made-up checkout after a build, in which all is proved until a test spoils it. */
final class Tree {

  static final String KIT = "messaging/testkit";
  static final String JDBC = "messaging/jdbc";

  private static final String REQUIRED_ID = "QUEUE-1";
  private static final String CONDITIONAL_ID = "QUEUE-2";

  final Path root;
  final List<String> properties =
      new ArrayList<>(List.of(property(REQUIRED_ID, "R"), property(CONDITIONAL_ID, "C:fifo")));
  final List<String> kitLines =
      new ArrayList<>(
          List.of(
              required("memory", "fifo"),
              conditional("memory", "passed", "fifo"),
              twin(REQUIRED_ID, "AcksEarly", "caught")));
  final List<String> jdbcLines =
      new ArrayList<>(List.of(required("pg", "lease"), conditional("pg", "skipped", "lease")));
  final List<ExpectedSubject> subjects =
      new ArrayList<>(
          List.of(
              new ExpectedSubject("memory", List.of("queue"), Optional.empty()),
              new ExpectedSubject("pg", List.of("queue"), Optional.of(true))));

  Tree(Path root) {
    this.root = root;
  }

  static String property(String id, String need) {
    return property(id, need, "queue");
  }

  static String property(String id, String need, String kind) {
    return "{\"id\":\"%s\",\"wording\":\"It | works.\",\"need\":\"%s\",\"kind\":\"%s\"}"
        .formatted(id, need, kind);
  }

  static String required(String subject, String declared) {
    return row(REQUIRED_ID, subject, "passed", "", declared, "");
  }

  /** A row of the property that needs fifo, for a subject that declares something. */
  static String conditional(String subject, String result, String declared) {
    return row(CONDITIONAL_ID, subject, result, "fifo", declared, "");
  }

  static String row(
      String property,
      String subject,
      String result,
      String guarantee,
      String declared,
      String tag) {
    return """
    {"type":"row","property":"%s","subject":"%s","test":"SomeTest.test","result":"%s",\
    "reason":"%s","guarantee":"%s","guarantees":["%s"],"tags":[%s]}\
    """
        .formatted(
            property,
            subject,
            result,
            result.equals("passed") ? "" : "because",
            guarantee,
            declared,
            tag.isEmpty() ? "" : '"' + tag + '"');
  }

  static String twin(String property, String twin, String result) {
    return "{\"type\":\"twin\",\"property\":\"%s\",\"twin\":\"%s\",\"result\":\"%s\"}"
        .formatted(property, twin, result);
  }

  static String probe(String guarantee, String subject, String result) {
    return "{\"type\":\"probe\",\"guarantee\":\"%s\",\"subject\":\"%s\",\"result\":\"%s\"}"
        .formatted(guarantee, subject, result);
  }

  /** Writes the tree and runs the report over it. */
  Outcome report(Mode mode) throws IOException, InterruptedException {
    write(
        root.resolve("pom.xml"),
        """
        <project>
          <modules>
            <module>%s</module>
            <!-- <module>not/built</module> -->
            <module>%s</module>
            <module>core/bom</module>
          </modules>
          <build><plugin><modules><module>not/ours</module></modules></plugin></build>
        </project>
        """
            .formatted(KIT, JDBC));
    write(
        root.resolve(KIT).resolve("target/classes/some/package/properties.json"),
        "[" + String.join(",\n", properties) + "]");
    writeRows(KIT, kitLines);
    writeRows(JDBC, jdbcLines);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Path output = root.resolve("out");
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      int status = EvidenceReport.run(root, output, mode, subjects, out);
      return new Outcome(
          status,
          printed.toString(StandardCharsets.UTF_8),
          Files.readString(output.resolve("evidence.md")),
          Files.readString(output.resolve("evidence.json")));
    }
  }

  private void writeRows(String module, List<String> lines) throws IOException {
    String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    write(root.resolve(module).resolve("target/evidence/rows/tests.jsonl"), text);
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
  }

  /** What the report said. */
  record Outcome(int status, String printed, String table, String json) {

    List<String> violations() {
      String mark = "NOT PROVED: ";
      return printed
          .lines()
          .filter(line -> line.startsWith(mark))
          .map(line -> line.substring(mark.length()))
          .toList();
    }
  }
}
