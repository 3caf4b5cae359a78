package dev.ashlar.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one run measured, by name; the name {@link #MAIN} is the one that its workload's unit is of.
 *
 * @param values in the order in which they are shown
 */
public record Figures(Map<String, Double> values) {

  /** The name of the figure that a workload is for. */
  public static final String MAIN = "main";

  /** Keeps a copy. */
  public Figures {
    values = new LinkedHashMap<>(values);
  }

  /** Returns one figure, the main one. */
  public static Figures of(double main) {
    return new Figures(Map.of(MAIN, main));
  }

  /** Returns these and one more. */
  public Figures with(String name, double value) {
    Map<String, Double> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new Figures(more);
  }

  /** Writes them to a file, for the parent process. */
  void write(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    values.forEach((name, value) -> lines.add(name + "=" + value));
    Files.write(file, lines);
  }

  /** Reads what the child process wrote. */
  static Figures read(Path file) throws IOException {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      int at = line.indexOf('=');
      values.put(line.substring(0, at), Double.valueOf(line.substring(at + 1)));
    }
    return new Figures(values);
  }
}
