package dev.ashlar.tracing.collate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ashlar.core.CorrelationId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = InputStream.nullInputStream();

  private int run(String... args) {
    return new Main(in, print(out), print(err)).run(List.of(args));
  }

  private static PrintStream print(ByteArrayOutputStream to) {
    return new PrintStream(to, true, StandardCharsets.US_ASCII);
  }

  private static String text(ByteArrayOutputStream of) {
    return of.toString(StandardCharsets.US_ASCII);
  }

  private static String lines() {
    return String.join("\n", Run.order(Duration.ZERO, Duration.ZERO).lines()) + "\n";
  }

  @Test
  void whatIsFoundIsPrinted() throws IOException {
    Path file = Files.writeString(folder.resolve("web.jsonl"), lines());

    assertThat(run(Run.ID, file.toString())).isZero();
    assertThat(text(out)).startsWith("correlation order-17\n").contains("lines 12, requests 4");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void anOutputThatCannotBeWrittenIsAFailure() {
    in = CollatorContract.file(lines());
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("no space left");
          }
        };

    int status = new Main(in, new PrintStream(full), print(err)).run(List.of(Run.ID, "-"));

    assertThat(status).isEqualTo(5);
    assertThat(text(err)).isEqualTo("collate: the output cannot be written\n");
  }

  @Test
  void theStandardInputIsAFile() {
    in = CollatorContract.file(lines());

    assertThat(run(Run.ID, "-")).isZero();
    assertThat(text(out)).contains("lines 12, requests 4");
  }

  @Test
  void anIdThatNoLineHasIsToldWithWhatWasRead() {
    in = CollatorContract.file(lines() + "broken\n");

    assertThat(run("other", "-")).isEqualTo(1);
    assertThat(text(err))
        .isEqualTo(
            "collate: no line has the correlation id other; read 13, of which 1 unreadable\n");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void helpSaysAll() {
    assertThat(run("--help")).isZero();
    assertThat(text(out)).contains("usage: collate", "--max-lines", "Ends with");
  }

  @Test
  void badArgumentsAreNamed() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("a")).isEqualTo(2);
    assertThat(run("not an id", "-")).isEqualTo(2);
    assertThat(run("a", "-", "--max-lines")).isEqualTo(2);
    assertThat(run("a", "-", "--max-lines", "0")).isEqualTo(2);
    assertThat(run("a", "-", "--max-lines", "many\u001b")).isEqualTo(2);
    assertThat(run("a", "-", "--raw")).isEqualTo(2);
    assertThat(text(err))
        .isEqualTo(
            """
            collate: arguments: 0 (expected: a correlation id and at least one file)
            try --help
            collate: arguments: 1 (expected: a correlation id and at least one file)
            try --help
            collate: correlation id: 9 characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)
            try --help
            collate: --max-lines: nothing (expected: a number of at least 1)
            try --help
            collate: --max-lines: 0 (expected: a number of at least 1)
            try --help
            collate: --max-lines: many\\u001b (expected: a number of at least 1)
            try --help
            collate: --raw: unknown (expected: --max-lines or --help)
            try --help
            """);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(run("a", folder.resolve("none").toString())).isEqualTo(3);
    assertThat(text(err)).contains("none: cannot be read: NoSuchFileException");
  }

  @Test
  void tooManyLinesAreRefused() {
    in = CollatorContract.file(lines());

    assertThat(run(Run.ID, "--max-lines", "3", "-")).isEqualTo(4);
    assertThat(text(err)).contains("more than 3");
    assertThat(text(out)).isEmpty();
  }

  @Test
  void theLibraryIsUsedAsItsDocSays() throws IOException {
    List<Path> files = List.of(Files.writeString(folder.resolve("web.jsonl"), lines()));
    // [doc:Collator]
    Collator collator = Collator.of(new CorrelationId("order-17"));
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        collator.read(in);
      }
    }
    String text = collator.timeline().text();
    // [/doc]
    assertThat(text).contains("lines 12, requests 4");
  }
}
