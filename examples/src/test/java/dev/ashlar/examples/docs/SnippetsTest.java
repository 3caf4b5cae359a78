package dev.ashlar.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetsTest {

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    return Files.exists(folder.resolve("LICENSE")) ? folder : folder.getParent();
  }

  @Test
  void everyJavaBlockOfAPageIsCompiledCode() {
    Snippets snippets = new Snippets(root());
    Map<String, List<String>> regions = snippets.regions();

    assertThat(snippets.inPages())
        .isNotEmpty()
        .allSatisfy(shown -> assertThat(Snippets.fault(shown, regions)).isEmpty());
  }

  @Test
  void everyCodeBlockOfADocCommentIsCompiledCode() {
    Snippets snippets = new Snippets(root());
    Map<String, List<String>> regions = snippets.regions();

    assertThat(snippets.inDocComments())
        .isNotEmpty()
        .allSatisfy(shown -> assertThat(Snippets.fault(shown, regions)).isEmpty());
  }

  @Test
  void aBlockThatDiffersOrHasNoSourceIsFound(@TempDir Path folder) throws IOException {
    Path source = folder.resolve("ATest.java");
    Files.writeString(
        source, "    // [readme:one]\n    int a = 1;\n      int b;\n    // [/readme]\n");
    Files.writeString(
        folder.resolve("README.md"),
        """
        <!-- snippet: ATest.java#one -->
        ```java
        int a = 1;
          int b;
        ```
        <!-- snippet: ATest.java#one -->
        ```java
        int a = 2;
        ```
        <!-- snippet: ATest.java#two -->
        ```java
        int a = 1;
        ```

        ```java
        int a = 1;
        ```
        """);
    Snippets snippets = new Snippets(folder);
    Map<String, List<String>> regions = snippets.regions();

    assertThat(snippets.inPages().stream().map(shown -> Snippets.fault(shown, regions)))
        .satisfiesExactly(
            fault -> assertThat(fault).isEmpty(),
            fault -> assertThat(fault).get().asString().contains("differs"),
            fault -> assertThat(fault).get().asString().contains("no compiled region"),
            fault -> assertThat(fault).get().asString().contains("no snippet marker"));
  }
}
