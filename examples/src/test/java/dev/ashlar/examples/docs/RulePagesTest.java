package dev.ashlar.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every rule page has the form of DESIGN.md section 8, and names properties that there are. */
class RulePagesTest {

  private static final Path ROOT = Path.of("..");
  private static final List<String> BLOCKS =
      List.of("messaging", "leases", "resilience", "tracing", "serialization");
  private static final Pattern HEADING = Pattern.compile("(?m)^## (.*)$");
  private static final Pattern LISTED = Pattern.compile("\"id\": \"([A-Z]+-\\d+)\"");
  private static final Pattern PROPERTY = Pattern.compile("\\b[A-Z]+-\\d+\\b");

  @TestFactory
  Stream<DynamicTest> everyPageHasTheForm() {
    Set<String> properties = properties();
    return BLOCKS.stream()
        .map(block -> ROOT.resolve(block).resolve("rules"))
        .filter(Files::isDirectory)
        .flatMap(folder -> list(folder).stream())
        .map(
            page ->
                DynamicTest.dynamicTest(
                    page.getFileName().toString(), () -> check(page, properties)));
  }

  private static void check(Path page, Set<String> properties) {
    String text = read(page);
    String id = page.getFileName().toString().replace(".md", "");

    assertThat(text).startsWith("# " + id + ": ");
    assertThat(text.split("\n\n", -1)[1]).containsPattern("MUST|SHOULD");
    assertThat(headings(text))
        .containsExactly(
            "Why", "Wrong", "Right", "How it is checked", "To suppress", "Our own code", "Sources");
    assertThat(section(text, "Wrong")).contains("```java");
    assertThat(section(text, "Right")).contains("```java");
    assertThat(idsIn(section(text, "Our own code"))).isNotEmpty().isSubsetOf(properties);
  }

  private static List<String> headings(String text) {
    return HEADING.matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static String section(String text, String heading) {
    int start = text.indexOf("\n## " + heading + "\n");
    int end = text.indexOf("\n## ", start + 1);
    return text.substring(start, end);
  }

  private static Set<String> idsIn(String text) {
    return PROPERTY.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }

  private static Set<String> properties() {
    Set<String> ids = new TreeSet<>();
    for (String kit : List.of("core", "messaging", "leases", "resilience", "tracing")) {
      Path resources = ROOT.resolve(kit + "/testkit/src/main/resources/dev/ashlar");
      String list = read(resources.resolve(kit + "/testkit/properties.json"));
      LISTED.matcher(list).results().forEach(match -> ids.add(match.group(1)));
    }
    return ids;
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> pages = Files.list(folder)) {
      return new ArrayList<>(pages.sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
