package dev.ashlar.examples.shop.report;

import dev.ashlar.examples.shop.check.Anomalies;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A report as a table for people: strategy by anomaly. */
public final class TextReport {

  private static final List<Column> COLUMNS =
      List.of(
          new Column("orders", "in", Anomalies::ordersIn),
          new Column("charged", "twice", Anomalies::chargedTwice),
          new Column("charged,", "no invoice", Anomalies::chargedWithoutInvoice),
          new Column("invoice,", "no charge", Anomalies::invoiceWithoutCharge),
          new Column("stock taken", "twice", Anomalies::stockTakenTwice),
          new Column("other", "twice", Anomalies::otherTwice),
          new Column("", "lost", Anomalies::lost),
          new Column("", "stuck", Anomalies::stuck));

  private static final String NAME = "%-31s";

  private TextReport() {}

  /** Returns the lines. */
  public static List<String> lines(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(head("", Column::above) + "          ");
    lines.add(head("strategy", Column::below) + "   seconds");
    for (Report.Row row : report.strategies()) {
      lines.add(row(row));
    }
    lines.add("");
    for (Report.Row row : report.strategies()) {
      lines.add(faults(row));
    }
    report.strategies().stream()
        .filter(row -> !row.cameToRest())
        .forEach(row -> lines.add(row.title() + ": the time was over before all was done"));
    return lines.stream().map(String::stripTrailing).toList();
  }

  private static String head(String name, Function<Column, String> part) {
    StringBuilder line = new StringBuilder(String.format(NAME, name));
    for (Column column : COLUMNS) {
      line.append(String.format("%" + column.width() + "s", part.apply(column)));
    }
    return line.toString();
  }

  private static String row(Report.Row row) {
    StringBuilder line = new StringBuilder(String.format(NAME, row.title()));
    for (Column column : COLUMNS) {
      long count = column.value().applyAsLong(row.anomalies());
      line.append(String.format(Locale.ROOT, "%," + column.width() + "d", count));
    }
    return line.append(String.format(Locale.ROOT, "%10.1f", row.seconds())).toString();
  }

  private static String faults(Report.Row row) {
    StringBuilder line = new StringBuilder("faults in " + row.title() + ":");
    row.faults().forEach((kind, count) -> line.append(' ').append(kind).append(' ').append(count));
    return line.toString();
  }

  private record Column(String above, String below, ToLongFunction<Anomalies> value) {

    int width() {
      return 2 + Math.max(6, Math.max(above.length(), below.length()));
    }
  }
}
