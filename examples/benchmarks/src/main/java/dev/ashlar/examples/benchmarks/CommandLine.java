package dev.ashlar.examples.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The words after the name of the suite. */
final class CommandLine {

  private CommandLine() {}

  /** The options of the harness itself, with what they are when not given. */
  static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("peers", "");
    defaults.put("repetitions", "5");
    defaults.put("warm-up-millis", "800");
    defaults.put("window-millis", "1500");
    defaults.put("count-max", "20000000");
    defaults.put("cell-limit-seconds", "300");
    defaults.put("heap", "1g");
    defaults.put("folder", System.getProperty("benchmarks.folder", "target/benchmark-runs"));
    defaults.put("out", "");
    return defaults;
  }

  /** Reads options of the suite and of the harness. */
  static Settings parse(Suite suite, List<String> words) throws BadUse {
    Map<String, String> values = defaults();
    values.putAll(suite.defaults());
    for (int i = 0; i < words.size(); i += 2) {
      String word = words.get(i);
      if (!word.startsWith("--") || !values.containsKey(word.substring(2))) {
        throw new BadUse(word + ": no such option (expected: one of " + values.keySet() + ")");
      }
      if (i + 1 == words.size()) {
        throw new BadUse(word + ": no value");
      }
      values.put(word.substring(2), words.get(i + 1));
    }
    return new Settings(values);
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
