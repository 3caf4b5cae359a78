package dev.ashlar.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.IdSource;
import dev.ashlar.core.testkit.ManualTime;
import java.time.Instant;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The text of a line, and its bounds. */
class JsonLineTest {

  @Test
  void aLineBeginsWithItsPlace() {
    JsonLines lines =
        JsonLines.of("web", IdSource.of(ManualTime.create(), new SplittableRandom(1)));
    Instant time = Instant.parse("2026-01-02T03:04:05.006Z");

    String first = lines.line(time, "INFO").text();
    String second = lines.line(time, "WARN").text();

    String process = first.replaceFirst(".*\"process\":\"(\\w{26})\".*", "$1");
    assertThat(first)
        .isEqualTo(
            "{\"ts\":\"2026-01-02T03:04:05.006Z\",\"level\":\"INFO\",\"service\":\"web\","
                + "\"process\":\""
                + process
                + "\",\"seq\":1}");
    assertThat(second).contains("\"level\":\"WARN\"", process, "\"seq\":2}");
  }

  @Test
  void theServiceIsAName() {
    assertThatThrownBy(() -> JsonLines.of("no name", IdSource.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service: 7 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
  }

  @Test
  void everythingButPrintableAsciiIsEscaped() {
    String text = new JsonLine().with("a\"b", "\\ \u00e4 \n\t\r \u007f \ud83d\ude00 $ {").text();

    assertThat(text)
        .isEqualTo("{\"a\\\"b\":\"\\\\ \\u00e4 \\n\\t\\r \\u007f \\ud83d\\ude00 $ {\"}");
  }

  @Test
  void halfACharacterIsReplacedAlsoWhereTheTextIsCut() {
    assertThat(new JsonLine().with("a", "\ud83d").text()).isEqualTo("{\"a\":\"\\ufffd\"}");
    assertThat(new JsonLine().with("a", "x".repeat(JsonLine.VALUE_MAX - 1) + "\ud83d\ude00").text())
        .endsWith("x\\ufffd...[1 more]\"}");
  }

  @Test
  void ofTwoFieldsWithOneNameTheFirstStays() {
    assertThat(new JsonLine().with("a", "1").with("a", "2").withAll(Map.of("a", "3")).text())
        .isEqualTo("{\"a\":\"1\"}");
  }

  @Test
  void numbersAndTruthValuesStandAsSuch() {
    JsonLine line =
        new JsonLine()
            .withValue("i", 1)
            .withValue("l", Long.MIN_VALUE)
            .withValue("b", true)
            .withValue("d", 1.5)
            .withValue("n", null);

    assertThat(line.text())
        .isEqualTo("{\"i\":1,\"l\":-9223372036854775808,\"b\":true,\"d\":\"1.5\",\"n\":null}");
  }

  @Test
  void whatHasNoRoomIsLeftOutAndTheLineSaysSo() {
    JsonLine fields = new JsonLine();
    for (int i = 0; i <= JsonLine.FIELDS_MAX; i++) {
      fields.with("f" + i, i);
    }
    JsonLine characters = new JsonLine();
    for (int i = 0; i < 20; i++) {
      characters
          .with("f" + i, "\n".repeat(JsonLine.VALUE_MAX))
          .with("message", "\u0001".repeat(9000));
    }

    assertThat(fields.text()).endsWith("\"f63\":63,\"truncated\":true}");
    assertThat(characters.text()).endsWith("\"truncated\":true}");
    assertThat(characters.text().length()).isLessThanOrEqualTo(JsonLine.LINE_MAX);
  }

  @Test
  void aFailureHasTypeMessageAndStack() {
    String text = new JsonLine().withError(new IllegalStateException("on\npurpose")).text();

    assertThat(text)
        .startsWith(
            "{\"error_type\":\"java.lang.IllegalStateException\","
                + "\"error_message\":\"on\\npurpose\",\"error_stack\":\"java.lang.Ill");
    assertThat(new JsonLine().withError(new IllegalStateException()).text())
        .doesNotContain("error_message");
  }
}
