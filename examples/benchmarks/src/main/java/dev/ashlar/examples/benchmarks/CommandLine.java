package dev.ashlar.examples.benchmarks;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words after the name of the suite. */
final class CommandLine {

  /** The only option without a value of its own. */
  static final String SHORT = "short";

  /** So that all cases together take a quarter of an hour. */
  private static final Map<String, String> SHORTER =
      Map.of("warm-up-millis", "1000", "window-millis", "800");

  private CommandLine() {}

  /** The options of the harness itself, with what they are when not given. */
  static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("peers", "");
    defaults.put("repetitions", "5");
    defaults.put("warm-up-millis", "1500");
    defaults.put("window-millis", "1500");
    defaults.put("count-max", "20000000");
    defaults.put("cell-limit-seconds", "300");
    defaults.put("heap", "1g");
    defaults.put("folder", System.getProperty("benchmarks.folder", "target/benchmark-runs"));
    defaults.put("out", "");
    defaults.put(SHORT, "");
    return defaults;
  }

  /** Reads options of the suite and of the harness; what is given counts more than a short run. */
  static Settings parse(Suite suite, List<String> words) throws BadUse {
    Map<String, String> given = given(words);
    Map<String, String> values = defaults();
    values.putAll(suite.defaults());
    if (given.containsKey(SHORT)) {
      values.putAll(SHORTER);
      values.putAll(suite.shorter());
    }
    for (String name : given.keySet()) {
      if (!values.containsKey(name)) {
        throw new BadUse(
            "--" + name + ": no such option (expected: one of " + values.keySet() + ")");
      }
    }
    values.putAll(given);
    return new Settings(values);
  }

  private static Map<String, String> given(List<String> words) throws BadUse {
    Map<String, String> given = new LinkedHashMap<>();
    for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
      String word = rest.next();
      if (!word.startsWith("--")) {
        throw new BadUse(word + ": no option (expected: --name and a value)");
      }
      String name = word.substring(2);
      if (name.equals(SHORT)) {
        given.put(SHORT, "yes");
      } else if (rest.hasNext()) {
        given.put(name, rest.next());
      } else {
        throw new BadUse(word + ": no value");
      }
    }
    return given;
  }

  /** Gives the words that mean the same again. */
  static List<String> words(Settings settings) {
    List<String> words = new ArrayList<>();
    settings
        .values()
        .forEach(
            (name, value) -> {
              if (!name.equals(SHORT)) {
                words.add("--" + name);
                words.add(value);
              } else if (!value.isEmpty()) {
                words.add("--" + name);
              }
            });
    return words;
  }

  /** The peers that were asked for, the yardstick first; all where none is named. */
  static List<Peer> peers(Suite suite, Settings settings) throws BadUse {
    List<String> names = settings.words("peers");
    if (names.isEmpty()) {
      return suite.peers();
    }
    List<Peer> peers = new ArrayList<>();
    for (String name : names) {
      peers.add(
          suite.peers().stream()
              .filter(peer -> peer.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new BadUse("--peers: " + name + " (expected: " + all(suite))));
    }
    return List.copyOf(peers);
  }

  private static String all(Suite suite) {
    return "of " + suite.peers().stream().map(Peer::name).toList() + ")";
  }
}
