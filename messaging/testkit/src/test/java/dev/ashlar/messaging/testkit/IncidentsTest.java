package dev.ashlar.messaging.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import dev.ashlar.messaging.testkit.log.EventLogContract;
import dev.ashlar.messaging.testkit.sourcing.EventStoreContract;
import dev.ashlar.messaging.testkit.topic.TopicContract;
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
  private static final Pattern PROPERTY = Pattern.compile("[A-Z]+-\\d+");
  private static final Pattern TEST = Pattern.compile("`(\\w+\\.\\w+)`$");

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
            MessageQueueContract.class,
            InboxContract.class,
            OutboxContract.class,
            EventStoreContract.class,
            TopicContract.class,
            EventLogContract.class)) {
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
}
