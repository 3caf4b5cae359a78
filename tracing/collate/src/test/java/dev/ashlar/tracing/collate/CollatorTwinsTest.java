package dev.ashlar.tracing.collate;

import dev.ashlar.core.testkit.Twins;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Other ways to put log lines together, each caught by its property. */
class CollatorTwinsTest {

  @TestFactory
  Stream<DynamicTest> twins() {
    return Twins.of(GrepTwin.class, "TRACE-36", "TRACE-41")
        .and(SortsByTimeTwin.class, "TRACE-36")
        .and(CountsNothingTwin.class, "TRACE-41")
        .and(StopsAtTheFirstFaultTwin.class, "TRACE-41")
        .tests();
  }

  private static List<String> lines(List<InputStream> files) throws IOException {
    List<String> lines = new ArrayList<>();
    for (InputStream file : files) {
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.contains(Run.ID)) {
          lines.add(line);
        }
      }
    }
    return lines;
  }

  /** What everybody does first. */
  static class GrepTwin extends CollatorContract {
    @Override
    String collate(List<InputStream> files) throws IOException {
      return String.join("\n", lines(files));
    }
  }

  /** What everybody does next: where times are equal, the order is that of the files. */
  static class SortsByTimeTwin extends CollatorContract {
    @Override
    String collate(List<InputStream> files) throws IOException {
      return lines(files).stream()
          .sorted(Comparator.comparing(line -> line.replaceFirst(".*\"ts\":\"([^\"]*)\".*", "$1")))
          .reduce("", (text, line) -> text + "\n" + line);
    }
  }

  /** Leaves out in silence. */
  static class CountsNothingTwin extends CollatorContract {
    @Override
    String collate(List<InputStream> files) throws IOException {
      return withoutCounts(super.collate(files));
    }
  }

  /** A reader of JSON lines that ends where it understands nothing. */
  static class StopsAtTheFirstFaultTwin extends CollatorContract {
    @Override
    String collate(List<InputStream> files) throws IOException {
      List<InputStream> untilFault = new ArrayList<>();
      for (InputStream file : files) {
        StringBuilder text = new StringBuilder();
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8));
        for (String line = reader.readLine();
            line != null && line.startsWith("{") && line.endsWith("}");
            line = reader.readLine()) {
          text.append(line).append('\n');
        }
        untilFault.add(CollatorContract.file(text.toString()));
      }
      return super.collate(untilFault);
    }
  }
}
