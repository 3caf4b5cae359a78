package dev.ashlar.examples.shop.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.examples.shop.service.Strategy;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BarTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Bar bar(boolean terminal) {
    return new Bar(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }

  private static void at(Bar bar, long done, long millis) {
    bar.at(
        Strategy.OUTBOX_AND_INBOX,
        done,
        1_000,
        Duration.ofMillis(millis),
        Map.of("crash", done == 500 ? 1L : 2L));
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void elsewhereThanOnATerminalALineIsPrintedEachTenthOrEachTwoSeconds() {
    Bar bar = bar(false);

    at(bar, 10, 100);
    at(bar, 500, 500);
    at(bar, 510, 1_000);
    at(bar, 520, 2_600);
    bar.end();

    assertThat(shown())
        .isEqualTo(
            """
            outbox and inbox               [############............]  50%  500 of 1,000 orders, 0 s, 1 crash
            outbox and inbox               [############............]  52%  520 of 1,000 orders, 2 s, 2 crashes
            """);
  }

  @Test
  void onATerminalTheLineIsWrittenOver() {
    Bar bar = bar(true);

    at(bar, 10, 100);
    at(bar, 20, 200);
    bar.end();

    assertThat(shown().lines()).hasSize(3);
    assertThat(shown()).contains("\r\u001b[K").endsWith("2 crashes" + System.lineSeparator());
  }

  @Test
  void theBarNeverGoesBack() {
    Bar bar = bar(false);

    at(bar, 500, 500);
    at(bar, 100, 3_000);

    assertThat(shown().lines().reduce((one, next) -> next))
        .get()
        .asString()
        .contains("500 of 1,000");
  }
}
