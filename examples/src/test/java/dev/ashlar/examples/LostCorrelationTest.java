package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LostCorrelationTest {

  @Test
  void theOutputIsTheOneInTheReadme() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    LostCorrelation.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    String output = bytes.toString(StandardCharsets.UTF_8);
    assertThat(output).contains("lost:    1 of 3", "carried: 3 of 3");
    assertThat(Files.readString(Path.of("../tracing/README.md")))
        .contains("```\n" + output + "```\n");
  }
}
