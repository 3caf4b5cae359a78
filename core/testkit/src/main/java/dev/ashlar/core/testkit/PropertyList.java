package dev.ashlar.core.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The properties that a test kit promises to prove, and the check that its contracts do.
 *
 * <p>A kit has the file {@code properties.json} beside its contracts, one property on each line. A
 * list and its tests drift apart unless a test holds one against the other.
 *
 * <p><b>Guarantees.</b> A property of the list that no test carries, one that is required and that
 * no test proves without a guarantee, one that needs a guarantee and has a test for another, one
 * that stands in the list twice, and a list of another length are told.
 *
 * <p><b>Not guaranteed.</b> That a test which carries {@link Proves} proves anything: {@link Twins}
 * show that.
 *
 * <p><b>Failures.</b> {@link AssertionError} that names the property.
 *
 * <p><b>Threads.</b> Immutable.
 *
 * <pre>{@code
 * Set<String> others =
 *     PropertyList.beside(CounterContract.class).assertProved("counter", 2, CounterContract.class);
 * }</pre>
 */
public final class PropertyList {

  private static final String FILE = "properties.json";

  private static final Pattern ENTRY =
      Pattern.compile(
          "\"id\": \"([A-Z]+-\\d+)\".*\"need\": \"(R|C:[a-z-]+)\", \"kind\": \"([a-z-]+)\"");

  private final List<Entry> entries;

  private record Entry(String id, String need, String kind) {}

  private PropertyList(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Reads the list of a kit.
   *
   * @param contract any class of the package that the list is in
   */
  public static PropertyList beside(Class<?> contract) {
    try (InputStream in = contract.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new AssertionError(FILE + ": missing (expected: beside " + contract.getName() + ")");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new PropertyList(
          text.lines().filter(l -> l.contains("\"id\"")).map(PropertyList::entry).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(String line) {
    Matcher found = ENTRY.matcher(line);
    if (!found.find()) {
      throw new AssertionError(
          FILE + ": a line that is no property (expected: id, need, kind): " + line.strip());
    }
    return new Entry(found.group(1), found.group(2), found.group(3));
  }

  /**
   * Checks that contracts prove each property of a kind, as it is needed.
   *
   * @param count how many the list has, so that none goes unnoticed
   * @param contracts which together prove them
   * @return what the contracts prove beyond them: properties of other kinds, or of other kits
   */
  public Set<String> assertProved(String kind, int count, Class<?>... contracts) {
    Map<String, String> needs = needs(kind);
    if (needs.size() != count) {
      throw new AssertionError(
          "properties of " + kind + ": " + needs.size() + " (expected: " + count + ")");
    }
    Map<String, Set<String>> proved = proved(contracts);
    needs.forEach((id, need) -> check(id, need, proved.getOrDefault(id, Set.of())));
    Set<String> others = new TreeSet<>(proved.keySet());
    others.removeAll(needs.keySet());
    return others;
  }

  private Map<String, String> needs(String kind) {
    Map<String, String> needs = new TreeMap<>();
    for (Entry entry : entries) {
      if (entry.kind.equals(kind) && needs.put(entry.id, entry.need) != null) {
        throw new AssertionError(entry.id + ": twice in the list (expected: once)");
      }
    }
    return needs;
  }

  /** The guarantees under which each property is proved, none being the empty text. */
  private static Map<String, Set<String>> proved(Class<?>... contracts) {
    Map<String, Set<String>> proved = new TreeMap<>();
    for (Class<?> contract : contracts) {
      for (Class<?> type = contract; type != null; type = type.getSuperclass()) {
        for (Method method : type.getDeclaredMethods()) {
          for (Proves proves : method.getAnnotationsByType(Proves.class)) {
            proved.computeIfAbsent(proves.value(), id -> new TreeSet<>()).add(proves.guarantee());
          }
        }
      }
    }
    return proved;
  }

  private static void check(String id, String need, Set<String> guarantees) {
    if (guarantees.isEmpty()) {
      throw new AssertionError(id + ": no test carries it (expected: at least one)");
    }
    if (need.equals("R") && !guarantees.contains("")) {
      throw new AssertionError(
          id + ": required, but each of its tests may be skipped, for " + guarantees);
    }
    String guarantee = need.substring(need.indexOf(':') + 1);
    if (!need.equals("R") && !guarantees.equals(Set.of(guarantee))) {
      throw new AssertionError(
          id + ": proved under " + guarantees + " (expected: " + guarantee + " alone)");
    }
  }
}
