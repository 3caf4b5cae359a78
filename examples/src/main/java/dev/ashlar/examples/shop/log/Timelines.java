package dev.ashlar.examples.shop.log;

import dev.ashlar.core.CorrelationId;
import dev.ashlar.tracing.collate.Collator;
import dev.ashlar.tracing.collate.Main;
import dev.ashlar.tracing.collate.TooManyLinesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Timelines out of the logs of a strategy, as wide and as long as a terminal bears.
 *
 * <p><b>Limits.</b> {@value #COLUMNS_MAX} columns and {@value #LINES_MAX} lines; what is longer is
 * cut, and says so. The collator's own command cuts nothing.
 */
public final class Timelines {

  static final int COLUMNS_MAX = 100;
  static final int LINES_MAX = 120;

  /** The first lines have the tree of requests, the last ones the counts. */
  private static final int TAIL = 10;

  private static final Pattern PACKAGE = Pattern.compile("\\b(?:[a-z][a-z0-9]*\\.)+(?=[A-Z])");
  private static final Pattern REQUEST_ID = Pattern.compile("  \\[[^\\]]*\\]$");
  private static final String CUT = "...";

  private Timelines() {}

  /**
   * Returns the timeline of one correlation id.
   *
   * @param folder has the logs of all services under one strategy
   */
  public static List<String> lines(Path folder, CorrelationId id) {
    Collator collator = Collator.of(id);
    try {
      for (Path file : files(folder)) {
        try (InputStream in = Files.newInputStream(file)) {
          collator.read(in);
        }
      }
      return bounded(collator.timeline().text().lines().map(Timelines::fitting).toList());
    } catch (TooManyLinesException e) {
      return List.of(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("logs in " + folder + ": cannot be read: " + e, e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(RunLogs.SUFFIX)).sorted().toList();
    }
  }

  /** A line that is too long loses first what few look for: the request's id, and packages. */
  private static String fitting(String line) {
    String shown = line;
    if (shown.length() > COLUMNS_MAX) {
      shown = REQUEST_ID.matcher(PACKAGE.matcher(shown).replaceAll("")).replaceFirst("");
    }
    return shown.length() <= COLUMNS_MAX
        ? shown
        : shown.substring(0, COLUMNS_MAX - CUT.length()) + CUT;
  }

  private static List<String> bounded(List<String> lines) {
    if (lines.size() <= LINES_MAX) {
      return lines;
    }
    List<String> bounded = new ArrayList<>(lines.subList(0, LINES_MAX - TAIL - 1));
    bounded.add(CUT + " " + (lines.size() - LINES_MAX + 1) + " more lines " + CUT);
    bounded.addAll(lines.subList(lines.size() - TAIL, lines.size()));
    return bounded;
  }

  /**
   * Returns the command that prints the timeline of any order.
   *
   * @param jar has the shop and the collator in it
   */
  public static String command(String jar, Path folder, String id) {
    return "java -cp "
        + jar
        + " "
        + Main.class.getName()
        + " "
        + id
        + " "
        + folder.resolve("*" + RunLogs.SUFFIX);
  }
}
