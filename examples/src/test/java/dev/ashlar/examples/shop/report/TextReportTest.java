package dev.ashlar.examples.shop.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.examples.shop.check.Anomalies;
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
          List.of(
              row(
                  "dual writes and plain retries",
                  new Anomalies(20_000, 167, 54, 0, 436, 323, 1_141, 2),
                  false),
              row("outbox and inbox", new Anomalies(20_000, 0, 0, 0, 0, 0, 0, 0), true)));

  private static Report.Row row(String title, Anomalies anomalies, boolean rest) {
    return new Report.Row("x", title, anomalies, rest, rest, 12.34, Map.of("crash", 35L));
  }

  @Test
  void theTableHasARowForEachStrategyAndAColumnForEachAnomaly() {
    assertThat(String.join("\n", TextReport.lines(REPORT)))
        .isEqualTo(
            """
                                             orders  charged    charged,   invoice,  stock taken   other
            strategy                             in    twice  no invoice  no charge        twice   twice    lost   stuck   seconds
            dual writes and plain retries    20,000      167          54          0          436     323   1,141       2      12.3
            outbox and inbox                 20,000        0           0          0            0       0       0       0      12.3

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
