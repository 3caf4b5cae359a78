package dev.ashlar.leases.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.testkit.Proves;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of properties and the contracts say the same. */
class PropertiesTest {

  private static final Pattern ENTRY =
      Pattern.compile(
          "\"id\": \"([A-Z]+)-(\\d+)\".*\"need\": \"([^\"]+)\", \"kind\": \"([a-z]+)\"");

  @Test
  void everyPropertyOfLeasesIsProvedAsItIsNeeded() throws IOException {
    assertProved(LeaseStoreContract.class, needs("lease"), 24);
  }

  @Test
  void everyPropertyOfGuardsIsProvedAsItIsNeeded() throws IOException {
    assertProved(GuardContract.class, needs("guard"), 7);
  }

  private static void assertProved(Class<?> contract, Map<String, String> needs, int count) {
    Map<String, List<String>> guarantees = guaranteesByProperty(contract);
    assertThat(needs).hasSize(count);
    assertThat(guarantees.keySet()).isEqualTo(needs.keySet());
    needs.forEach(
        (id, need) -> {
          List<String> stated = guarantees.getOrDefault(id, List.of());
          if (need.equals("R")) {
            assertThat(stated).as("%s needs a test that is never skipped", id).contains("");
          } else {
            assertThat(stated).as(id).containsOnly(need.substring("C:".length()));
          }
        });
  }

  private static Map<String, List<String>> guaranteesByProperty(Class<?> contract) {
    Map<String, List<String>> found = new TreeMap<>();
    for (Class<?> type = contract; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        for (Proves proves : method.getAnnotationsByType(Proves.class)) {
          found.computeIfAbsent(proves.value(), id -> new ArrayList<>()).add(proves.guarantee());
        }
      }
    }
    return found;
  }

  private static Map<String, String> needs(String kind) throws IOException {
    Map<String, String> needs = new TreeMap<>();
    try (InputStream in = PropertiesTest.class.getResourceAsStream("properties.json")) {
      if (in == null) {
        throw new AssertionError("properties.json: missing (expected: beside the contracts)");
      }
      Matcher entry = ENTRY.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (entry.find()) {
        if (entry.group(4).equals(kind)) {
          String id = entry.group(1) + "-" + entry.group(2);
          assertThat(needs.put(id, entry.group(3))).isNull();
        }
      }
    }
    return needs;
  }
}
