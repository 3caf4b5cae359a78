package dev.ashlar.examples.sharednothing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SharedNothingTest {

  private static final Path SOURCE =
      Path.of("src/main/java/dev/ashlar/examples/sharednothing/SharedNothing.java");

  @Test
  void theOutputIsTheOneInTheDocComment() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    SharedNothing.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(shown());
  }

  private static String shown() throws IOException {
    String source = Files.readString(SOURCE);
    return source
        .substring(source.indexOf("<pre>\n"), source.indexOf(" * </pre>"))
        .lines()
        .skip(1)
        .map(line -> line.replaceFirst("^ \\* ?", "") + "\n")
        .collect(Collectors.joining());
  }
}
