package dev.ashlar.tracing.collate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The text itself, and the order of its lines. */
class TimelineTest {

  @Test
  void theTimelineOfAnOrderIsGolden() throws IOException {
    assertThat(collate(Run.order(Duration.ZERO, Duration.ZERO).lines()))
        .isEqualTo(golden("order.golden"));
  }

  @Test
  void clocksThatDifferDoNotTurnCauseAndEffectAround() throws IOException {
    Run skewed = Run.order(Duration.ofSeconds(-3), Duration.ofMillis(-700));

    assertThat(collate(skewed.lines())).isEqualTo(golden("skewed.golden"));
  }

  @Test
  void theReadmeShowsARealTimeline() throws IOException {
    assertThat(Files.readString(Path.of("../README.md")))
        .contains("```\n" + golden("skewed.golden") + "```\n");
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = TimelineTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new AssertionError(name + ": missing (expected: beside this class)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String collate(List<String> lines) throws IOException {
    Collator collator = Collator.of(new CorrelationId(Run.ID));
    collator.read(CollatorContract.file(String.join("\n", lines)));
    return collator.timeline().text();
  }

  /** Every line of an effect stands below the first sending that can have caused it. */
  @Test
  void everyEffectStandsBelowItsCauseWhateverTheClocks() throws Exception {
    Pattern received = Pattern.compile("\\bmessage\\.received q(\\d)");
    Seeds.check(
        200,
        (seed, random) -> {
          Run run =
              new Run()
                  .service("a", Duration.ofMillis(random.nextInt(-5000, 5000)))
                  .service("b", Duration.ofMillis(random.nextInt(-5000, 5000)))
                  .service("c", Duration.ofMillis(random.nextInt(-5000, 5000)));
          List<String> services = List.of("a", "b", "c");
          run.logs("a", "r0", "", "event", "request.start", "target", "GET /");
          for (int i = 1; i < 9; i++) {
            String from = services.get((i - 1) % 3);
            String to = services.get(i % 3);
            run.logs(from, "r" + (i - 1), "", "event", "message.sent", "target", "q" + i);
            run.logs(to, "r" + i, "r" + (i - 1), "event", "message.received", "target", "q" + i);
          }
          Matcher found = received.matcher(collate(run.lines()));
          List<Integer> order = new ArrayList<>();
          while (found.find()) {
            order.add(Integer.parseInt(found.group(1)));
          }
          assertThat(order).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        });
  }

  @Test
  void requestsThatCauseEachOtherAreShownAllTheSame() throws IOException {
    Run run = new Run().service("a", Duration.ZERO);
    run.logs("a", "r1", "r2", "event", "message.received", "target", "one");
    run.logs("a", "r2", "r1", "event", "message.received", "target", "two");
    run.logs("a", "r3", "r3", "event", "message.received", "target", "three");
    run.logs("a", "r4", "r3", "event", "message.received", "target", "four");

    String text = collate(run.lines());

    for (String line : List.of("[r1]", "[r2]", "[r3]", "[r4]", "received one", "received four")) {
      assertThat(text).contains(line);
    }
  }

  @Test
  void aLongChainAndAManifoldFanOutArePutInOrderInGoodTime() throws IOException {
    Run run = new Run().service("a", Duration.ZERO);
    for (int i = 1; i <= 10_000; i++) {
      run.logs("a", "chain" + i, "chain" + (i - 1), "event", "message.received", "target", "q");
      run.logs("a", "fan" + i, "chain1", "event", "message.received", "target", "q" + i);
      run.logs("a", "chain1", "", "event", "message.sent", "target", "q" + i);
    }

    assertThat(collate(run.lines())).contains("lines 30000, requests 20000");
  }

  @Test
  void whateverALineHoldsTheTextIsPrintable() throws IOException {
    Set<String> seen = new TreeSet<>();
    for (String field : List.of("service", "event", "target", "message", "request_id", "level")) {
      String line =
          "{\"correlation_id\":\""
              + Run.ID
              + "\",\"ts\":\"+999999999-01-01T00:00:00Z\",\""
              + field
              + "\":\"\\u001b[2J\\n\\u202e<script>\\ud800\"}";
      seen.add(collate(List.of(line)));
    }

    assertThat(seen).allSatisfy(text -> assertThat(text).matches("[ -~\n]*"));
  }

  @Test
  void gzippedFilesAreRead() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      List<String> lines = Run.order(Duration.ZERO, Duration.ZERO).lines();
      gzip.write(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }
    Collator collator = Collator.of(new CorrelationId(Run.ID));

    collator.read(new ByteArrayInputStream(bytes.toByteArray()));

    assertThat(collator.timeline().counts().selected()).isEqualTo(12);
  }

  @Test
  void tooManyLinesAreRefused() {
    Collator collator = Collator.of(new CorrelationId(Run.ID), 11);
    String lines = String.join("\n", Run.order(Duration.ZERO, Duration.ZERO).lines());

    assertThatThrownBy(() -> collator.read(CollatorContract.file(lines)))
        .isInstanceOf(TooManyLinesException.class)
        .hasMessage("lines: more than 11 with this correlation id (expected: at most 11)");
  }
}
