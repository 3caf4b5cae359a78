package dev.ashlar.resilience.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  /** Listed by core's test kit; here they are proved again where a pipeline adds to them. */
  private static final Set<String> CORES = Set.of("CALL-17", "CALL-22");

  private static final Pattern ENTRY =
      Pattern.compile("\"id\": \"(CALL-\\d+)\".*\"need\": \"R\", \"kind\": \"([a-z]+)\"");

  @Test
  void everyPropertyOfPipelinesIsProvedByAContract() throws IOException {
    Set<String> proved = new TreeSet<>();
    addProved(proved, PipelineContract.class);
    addProved(proved, RetryBudgetContract.class);
    addProved(proved, BreakerContract.class);
    assertThat(proved).containsAll(CORES);
    proved.removeAll(CORES);

    assertThat(listed("pipeline")).hasSize(21).isEqualTo(proved);
  }

  @Test
  void everyPropertyOfTransportsIsProvedByAContract() throws IOException {
    Set<String> proved = new TreeSet<>();
    addProved(proved, TransportContract.class);

    assertThat(proved).containsExactly("CALL-18", "CALL-21", "CALL-22", "CALL-23");
    assertThat(listed("http")).containsExactly("CALL-21", "CALL-23");
  }

  private static void addProved(Set<String> proved, Class<?> contract) {
    for (Class<?> type = contract; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        for (Proves proves : method.getAnnotationsByType(Proves.class)) {
          assertThat(proves.guarantee()).as("%s is required", proves.value()).isEmpty();
          proved.add(proves.value());
        }
      }
    }
  }

  private static Set<String> listed(String kind) throws IOException {
    Set<String> ids = new TreeSet<>();
    try (InputStream in = PropertiesTest.class.getResourceAsStream("properties.json")) {
      if (in == null) {
        throw new AssertionError("properties.json: missing (expected: beside the contracts)");
      }
      Matcher entry = ENTRY.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (entry.find()) {
        if (entry.group(2).equals(kind)) {
          assertThat(ids.add(entry.group(1))).isTrue();
        }
      }
    }
    return ids;
  }
}
