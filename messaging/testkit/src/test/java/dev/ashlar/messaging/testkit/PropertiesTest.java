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
  void everyPropertyOfQueuesIsProvedAsItIsNeeded() throws IOException {
    assertProved(MessageQueueContract.class, needs("QUEUE", "queue"), 36);
  }

  @Test
  void everyPropertyOfInboxesIsProvedAsItIsNeeded() throws IOException {
    assertProved(InboxContract.class, needs("INBOX", "inbox"), 12);
  }

  @Test
  void everyPropertyOfOutboxesIsProvedAsItIsNeeded() throws IOException {
    assertProved(OutboxContract.class, needs("OUTBOX", "outbox"), 12);
  }

  @Test
  void everyPropertyOfEventStoresIsProvedAsItIsNeeded() throws IOException {
    assertProved(EventStoreContract.class, needs("STORE", "store"), 8);
  }

  @Test
  void everyPropertyOfTopicsIsProvedAsItIsNeeded() throws IOException {
    assertProved(TopicContract.class, needs("TOPIC", "topic"), 10);
  }

  @Test
  void everyPropertyOfLogsIsProvedAsItIsNeeded() throws IOException {
    assertProved(EventLogContract.class, needs("LOG", "log"), 18);
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

  private static Map<String, String> needs(String prefix, String kind) throws IOException {
    Map<String, String> needs = new TreeMap<>();
    try (InputStream in = PropertiesTest.class.getResourceAsStream("properties.json")) {
      if (in == null) {
        throw new AssertionError("properties.json: missing (expected: beside the contracts)");
      }
      Matcher entry = ENTRY.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (entry.find()) {
        if (entry.group(1).equals(prefix)) {
          assertThat(entry.group(4)).isEqualTo(kind);
          assertThat(needs.put(prefix + "-" + entry.group(2), entry.group(3))).isNull();
        }
      }
    }
    return needs;
  }
}
