package dev.ashlar.examples.shop.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A report as a table for people: anomaly by strategy. */
public final class TextReport {

  private static final List<Line> LINES =
      List.of(
          new Line("orders in", row -> row.anomalies().ordersIn()),
          new Line("charged twice", row -> row.anomalies().chargedTwice()),
          new Line("charged, no invoice", row -> row.anomalies().chargedWithoutInvoice()),
          new Line("invoice, no charge", row -> row.anomalies().invoiceWithoutCharge()),
          new Line("stock taken twice", row -> row.anomalies().stockTakenTwice()),
          new Line("other effects twice", row -> row.anomalies().otherTwice()),
          new Line("lost", row -> row.anomalies().lost()),
          new Line("stuck", row -> row.anomalies().stuck()),
          new Line("charges settled twice", row -> row.anomalies().settledTwice()),
          new Line("charges not settled", row -> row.anomalies().unsettled()),
          new Line("requests to failing payment", Report.Row::failedPayments),
          new Line("pages failed", row -> row.pages().failed()),
          new Line("pages degraded", row -> row.pages().degraded()));

  private static final int GAP = 3;

  private TextReport() {}

  /** Returns the lines. */
  public static List<String> lines(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(line("", report, Report.Row::title));
    for (Line line : LINES) {
      lines.add(line(line.name(), report, row -> number(line.value().applyAsLong(row))));
    }
    lines.add(line("seconds", report, row -> String.format(Locale.ROOT, "%.1f", row.seconds())));
    lines.add("");
    for (Report.Row row : report.strategies()) {
      lines.add(faults(row));
    }
    report.strategies().stream()
        .filter(row -> !row.cameToRest())
        .forEach(row -> lines.add(row.title() + ": the time was over before all was done"));
    return lines;
  }

  private static String line(String name, Report report, Function<Report.Row, String> value) {
    StringBuilder line = new StringBuilder(String.format("%-29s", name));
    for (Report.Row row : report.strategies()) {
      line.append(String.format("%" + (GAP + row.title().length()) + "s", value.apply(row)));
    }
    return line.toString();
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String faults(Report.Row row) {
    StringBuilder line = new StringBuilder("faults in " + row.title() + ":");
    row.faults().forEach((kind, count) -> line.append(' ').append(kind).append(' ').append(count));
    return line.toString();
  }

  private record Line(String name, ToLongFunction<Report.Row> value) {}
}
