package dev.ashlar.core.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClassFileTest {

  /** Everything that walking through instructions can stumble over. */
  static final class Odd {

    private final StringBuilder written = new StringBuilder();

    String table(int number) {
      switch (number) {
        case 1 -> {
          return "one";
        }
        case 2 -> written.append("two"); // The result is dropped.
        default -> {
          return written.append("many").toString();
        }
      }
      return written.toString();
    }

    String lookup(String name) {
      return switch (name) {
        case "a" -> "A" + name;
        case "zz" -> "B" + written.length();
        default -> throw new IllegalArgumentException(name + 1L + 1.0);
      };
    }

    Callable<String> nested(String name) {
      return () -> Stream.of(name).map(each -> lookup(each)).toList().get(0);
    }

    int caught() {
      try {
        return Integer.parseInt(table(1));
      } catch (NumberFormatException e) {
        return -1;
      } finally {
        written.setLength(0);
      }
    }
  }

  private static List<Body> bodies() throws IOException {
    try (InputStream in = ClassFileTest.class.getResourceAsStream("ClassFileTest$Odd.class")) {
      if (in == null) {
        throw new AssertionError("the sample is not compiled");
      }
      return ClassFile.bodies(in.readAllBytes());
    }
  }

  private static Body body(String name) throws IOException {
    return bodies().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void whatIsCalledAndDroppedIsRead() throws IOException {
    assertThat(body("table").uses().stream().filter(use -> use.member().equals("append")))
        .extracting(Body.Use::owner, Body.Use::dropped)
        .containsExactly(
            tuple("java.lang.StringBuilder", true), tuple("java.lang.StringBuilder", false));
    assertThat(body("lookup").uses())
        .extracting(Body.Use::member)
        .contains("hashCode", "equals", "length", "<init>");
  }

  @Test
  void lambdasAreFoundWithTheirBodies() throws IOException {
    Body nested = body("nested");

    assertThat(nested.lambdas())
        .singleElement()
        .satisfies(lambda -> assertThat(lambda.shape()).isEqualTo("java.util.concurrent.Callable"));
    Body inner = body(nested.lambdas().get(0).name());
    assertThat(inner.lambdas())
        .singleElement()
        .satisfies(lambda -> assertThat(lambda.shape()).isEqualTo("java.util.function.Function"));
    assertThat(inner.place()).endsWith("Odd.nested");
  }

  @Test
  void catchesAreFoundButNotWhatFinallyCatches() throws IOException {
    assertThat(body("caught").catches())
        .singleElement()
        .satisfies(
            caught -> {
              assertThat(caught.exception()).isEqualTo("java.lang.NumberFormatException");
              assertThat(caught.passesOn()).isFalse();
              assertThat(caught.line()).isPositive();
            });
  }

  /** Some thousands of files by the JDK's compiler: whatever there is, reading goes through it. */
  @Test
  void theJdksOwnClassesAreRead() throws IOException {
    Path base = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
    int files = 0;
    int uses = 0;
    try (Stream<Path> all = Files.walk(base)) {
      for (Path file : all.filter(each -> each.toString().endsWith(".class")).toList()) {
        files++;
        uses +=
            ClassFile.bodies(Files.readAllBytes(file)).stream()
                .mapToInt(body -> body.uses().size())
                .sum();
      }
    }

    assertThat(files).isGreaterThan(5000);
    assertThat(uses).isGreaterThan(200_000);
  }
}
