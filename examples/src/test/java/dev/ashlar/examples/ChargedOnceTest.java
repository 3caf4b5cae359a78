package dev.ashlar.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChargedOnceTest {

  @Test
  void theOutputIsTheOneInTheDocCommentAndInTheReadme() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    ChargedOnce.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));

    String output = bytes.toString(StandardCharsets.UTF_8);
    assertThat(output).contains("charges: 1").isEqualTo(SingleFilesTest.shown("ChargedOnce"));
    assertThat(Files.readString(Path.of("../README.md"))).contains("```\n" + output + "```\n");
  }
}
