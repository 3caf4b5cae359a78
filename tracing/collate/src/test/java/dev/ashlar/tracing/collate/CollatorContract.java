package dev.ashlar.tracing.collate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CorrelationId;
import dev.ashlar.core.testkit.Contract;
import dev.ashlar.core.testkit.Proves;
import dev.ashlar.core.testkit.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What the collator makes of lines, whole and broken ones. */
abstract class CollatorContract extends Contract {

  @Override
  protected Set<String> guarantees() {
    return Set.of();
  }

  /** A twin collates in another way. */
  String collate(List<InputStream> files) throws IOException {
    Collator collator = Collator.of(new CorrelationId(Run.ID));
    for (InputStream file : files) {
      collator.read(file);
    }
    return collator.timeline().text();
  }

  @Test
  @Proves("TRACE-36")
  void neitherTheOrderOfFilesNorOfLinesChangesTheText() throws Exception {
    Seeds.check(
        100,
        (seed, random) -> {
          List<String> lines = new ArrayList<>(Run.any(random).lines());
          // Copies, one of them in another form, and lines without a place in their process.
          lines.add(lines.get(0));
          lines.add(lines.get(0).replaceFirst("\\{", "{\"shipper\":\"x\","));
          lines.add(placeless("one"));
          lines.add(placeless("two"));
          String expected = collate(files(lines, 1, random));

          for (int i = 0; i < 5; i++) {
            Collections.shuffle(lines, new Random(random.nextLong()));
            String shuffled = collate(files(lines, 1 + random.nextInt(4), random));

            assertThat(shuffled).isEqualTo(expected);
          }
        });
  }

  private static String placeless(String message) {
    return "{\"ts\":\"2026-01-02T03:04:05Z\",\"message\":\""
        + message
        + "\",\"correlation_id\":\""
        + Run.ID
        + "\"}";
  }

  static List<InputStream> files(List<String> lines, int count, RandomGenerator random) {
    List<StringBuilder> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(new StringBuilder());
    }
    lines.forEach(line -> texts.get(random.nextInt(count)).append(line).append('\n'));
    List<InputStream> files = new ArrayList<>();
    texts.forEach(text -> files.add(file(text.toString())));
    return files;
  }

  static InputStream file(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Proves("TRACE-41")
  void brokenLinesAreCountedAndLeftOutAndTheRestIsShown() throws Exception {
    List<String> lines = Run.order(Duration.ZERO, Duration.ZERO).lines();
    String whole = collate(List.of(file(String.join("\n", lines))));
    List<String> broken = new ArrayList<>(lines);
    broken.add(3, "{\"correlation_id\":\"" + Run.ID + "\",");
    broken.add(5, "not JSON at all");
    broken.add(6, "[1,2]");
    broken.add(7, "");
    broken.add(8, "{\"a\":1} {\"b\":2}");
    broken.add(9, "{\"a\":" + "[".repeat(2000));
    broken.add(9, "{\"a\":" + "9".repeat(2000) + "}");
    broken.add(lines.get(0));
    broken.add(lines.get(1).substring(0, 40));

    String text = collate(List.of(file(String.join("\r\n", broken))));

    assertThat(withoutCounts(text)).isEqualTo(withoutCounts(whole));
    assertThat(text).contains("read 20: others 0, copies 1, unreadable 7, too long 0");
  }

  @Test
  @Proves("TRACE-41")
  void unknownFieldsAreIgnoredWhateverTheyHold() throws Exception {
    List<String> lines = Run.order(Duration.ZERO, Duration.ZERO).lines();
    String plain = collate(List.of(file(String.join("\n", lines))));

    String text =
        collate(
            List.of(
                file(
                    String.join("\n", lines)
                        .replace(
                            "\"logger\"",
                            "\"new\":{\"correlation_id\":[\"x\",null,1.5e3,{}]},\"logger\""))));

    assertThat(text).isEqualTo(plain);
  }

  static String withoutCounts(String text) {
    return text.replaceAll("\\nread .*", "");
  }
}
