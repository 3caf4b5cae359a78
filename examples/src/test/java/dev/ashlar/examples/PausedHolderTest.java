package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PausedHolderTest {

  @Test
  void theOutputIsTheOneInTheReadme() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PausedHolder.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    String output = bytes.toString(StandardCharsets.UTF_8);
    assertThat(output).contains("balance: 150");
    assertThat(Files.readString(Path.of("../leases/README.md")))
        .contains("```\n" + output + "```\n");
  }
}
