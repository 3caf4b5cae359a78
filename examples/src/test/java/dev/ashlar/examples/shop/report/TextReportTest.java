package dev.ashlar.examples.shop.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.examples.shop.check.Anomalies;
import dev.ashlar.examples.shop.page.Visitors;
import dev.ashlar.serialization.JsonCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextReportTest {

  private static final Report REPORT =
      new Report(
          20_000,
          1,
          Optional.of(7L),
          false,
          "/tmp/run/logs",
          Optional.of("order-130"),
          List.of(
              row(
                  "dual writes and plain retries",
                  new Anomalies(20_000, 167, 54, 0, 436, 323, 100, 0, 1_141, 2),
                  false),
              row("outbox and inbox", new Anomalies(20_000, 0, 0, 0, 0, 0, 0, 0, 0, 0), true)));

  private static Report.Row row(String title, Anomalies anomalies, boolean rest) {
    return new Report.Row(
        "x",
        title,
        anomalies,
        1_234,
        new Visitors.Seen(2_000, 7, 150),
        rest,
        rest,
        12.34,
        Map.of("crash", 35L));
  }

  @Test
  void theTableHasALineForEachAnomalyAndAColumnForEachStrategy() {
    assertThat(String.join("\n", TextReport.lines(REPORT)))
        .isEqualTo(
            """
                                            dual writes and plain retries   outbox and inbox
            orders in                                              20,000             20,000
            charged twice                                             167                  0
            charged, no invoice                                        54                  0
            invoice, no charge                                          0                  0
            stock taken twice                                         436                  0
            other effects twice                                       323                  0
            lost                                                    1,141                  0
            stuck                                                       2                  0
            charges settled twice                                     100                  0
            charges not settled                                         0                  0
            requests to failing payment                             1,234              1,234
            pages failed                                              150                150
            pages degraded                                              7                  7
            seconds                                                  12.3               12.3

            faults in dual writes and plain retries: crash 35
            faults in outbox and inbox: crash 35
            dual writes and plain retries: the time was over before all was done""");
  }

  @Test
  void aReportInJsonIsReadAsItWasWritten() {
    JsonCodec<Report> codec = JsonCodec.of(Report.class);

    assertThat(codec.decode(codec.encode(REPORT))).isEqualTo(REPORT);
  }
}
