package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every incident names a property that there is, a test that proves it, and a source. */
class IncidentsTest {

  private static final Path PAGE = Path.of("../INCIDENTS.md");
  private static final Pattern PROPERTY = Pattern.compile("LEASE-\\d+");
  private static final Pattern TEST = Pattern.compile("`(\\w+\\.\\w+)`$");

  /** Tests of one store stand beside it, where this module cannot load them. */
  private static final Path STORE =
      Path.of("../zookeeper/src/test/java/dev/ashlar/leases/zookeeper");

  private static final Pattern PROOF =
      Pattern.compile("@Proves\\(\"(LEASE-\\d+)\"\\)\\s+void (\\w+)\\(");

  private record Incident(String where, String property, String provoked) {

    static Incident of(String row) {
      String[] cells = row.substring(2, row.length() - 2).split(" \\| ", -1);
      assertThat(cells).as(row).hasSize(4);
      return new Incident(cells[1], cells[2], cells[3]);
    }
  }

  private static List<Incident> incidents() throws IOException {
    try (Stream<String> lines = Files.lines(PAGE)) {
      return lines
          .filter(line -> line.startsWith("| ") && !line.startsWith("| what happened |"))
          .map(Incident::of)
          .toList();
    }
  }

  @Test
  void everyPropertyIsOnTheListAndProvedByTheTestThatIsNamed() throws IOException {
    String list = properties();
    Set<String> proofs = proofs();
    proofs.addAll(proofsOfTheStore());

    assertThat(incidents()).hasSizeGreaterThan(30);
    for (Incident incident : incidents()) {
      assertThat(incident.property()).matches(PROPERTY);
      assertThat(list).contains("\"id\": \"" + incident.property() + "\"");
      Matcher test = TEST.matcher(incident.provoked());
      assertThat(test.find()).as(incident.provoked()).isTrue();
      assertThat(proofs).contains(incident.property() + " " + test.group(1));
    }
  }

  @Test
  void everyIncidentHasASourceThatCanBeLookedUp() throws IOException {
    assertThat(incidents()).allSatisfy(each -> assertThat(each.where()).contains("](https://"));
  }

  private static String properties() throws IOException {
    try (InputStream in = IncidentsTest.class.getResourceAsStream("properties.json")) {
      if (in == null) {
        throw new AssertionError("properties.json: missing (expected: beside the contracts)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Set<String> proofs() {
    Set<String> proofs = new HashSet<>();
    for (Class<?> contract :
        List.of(
            LeaseStoreContract.class,
            GuardContract.class,
            DetectorContract.class,
            AssignmentContract.class,
            ElectionContract.class)) {
      for (Class<?> type = contract; type != null; type = type.getSuperclass()) {
        for (Method method : type.getDeclaredMethods()) {
          for (Proves proves : method.getAnnotationsByType(Proves.class)) {
            proofs.add(proves.value() + " " + type.getSimpleName() + "." + method.getName());
          }
        }
      }
    }
    return proofs;
  }

  private static Set<String> proofsOfTheStore() throws IOException {
    Set<String> proofs = new HashSet<>();
    try (Stream<Path> files = Files.list(STORE)) {
      for (Path file : files.filter(each -> each.toString().endsWith("Properties.java")).toList()) {
        String type = file.getFileName().toString().replace(".java", "");
        PROOF
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> proofs.add(found.group(1) + " " + type + "." + found.group(2)));
      }
    }
    assertThat(proofs).isNotEmpty();
    return proofs;
  }
}
