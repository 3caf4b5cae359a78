package dev.ashlar.examples.shop.report;

import dev.ashlar.core.CorrelationId;
import dev.ashlar.examples.shop.log.RunLogs;
import dev.ashlar.examples.shop.log.Telling;
import dev.ashlar.examples.shop.log.Timelines;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the logs tell of one order that met a fault, under each strategy, and where they are. */
public final class TimelineReport {

  private static final String JAR = "examples/target/shop.jar";

  private TimelineReport() {}

  /**
   * Returns the lines.
   *
   * @param report whose logs are there
   * @param telling which order was chosen, and why
   */
  public static List<String> lines(Report report, Optional<Telling> telling) {
    Path logs = Path.of(report.logs());
    List<String> lines = new ArrayList<>();
    Optional<CorrelationId> followed = report.followed().map(CorrelationId::new);
    if (followed.isPresent() && telling.isPresent()) {
      for (Report.Row row : report.strategies()) {
        lines.add("");
        lines.add(row.title() + ": " + followed.get() + ", which met " + telling.get().faults());
        lines.addAll(Timelines.lines(logs.resolve(row.name()), followed.get()));
      }
    }
    lines.add("");
    lines.add("logs are in " + logs);
    lines.add("  " + RunLogs.LOGGED + "; the timeline of one:");
    for (Report.Row row : report.strategies()) {
      String id = report.followed().orElse("CORRELATION-ID");
      lines.add("  " + Timelines.command(jar(), logs.resolve(row.name()), id));
    }
    return lines;
  }

  /** The class path of a shop that was started by its script is the one jar with everything. */
  private static String jar() {
    String path = System.getProperty("java.class.path", JAR);
    return path.endsWith(".jar") && !path.contains(File.pathSeparator) ? path : JAR;
  }
}
