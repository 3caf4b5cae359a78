package dev.ashlar.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/*
 * A snippet is a region of a source file that is compiled, and mostly run, by the build:
 *
 *   // [readme:NAME]  ...  // [/readme]     shown in a Markdown page, below a line that names it:
 *                                           <!-- snippet: PATH#NAME -->
 *   // [doc:TYPE]     ...  // [/doc]        shown in the doc comment of TYPE, in <pre>{@code ...}</pre>
 *
 * Text compares token by token: how far a line is indented decides where the formatter breaks it.
 */

/** Finds the code that documents show, and the compiled code that it should be. */
final class Snippets {

  private static final Pattern OPEN = Pattern.compile("// \\[(readme|doc):([A-Za-z0-9.-]+)]");
  private static final Pattern MARKER_LINE = Pattern.compile(" *// \\[/?(readme|doc)(:.*)?]");
  private static final Pattern MARKER = Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->");
  private static final Pattern TOKEN = Pattern.compile("\\w+|[^\\w\\s]");
  private static final Pattern DOC_BLOCK =
      Pattern.compile("<pre>\\{@code\\n(.*?)\\n[ *]*}</pre>", Pattern.DOTALL);

  private final Path root;

  Snippets(Path root) {
    this.root = root;
  }

  /** Code in a document, and the name of the region that it should be equal to. */
  record Shown(Path document, int line, String region, List<String> text) {}

  /** Returns all Java blocks of all Markdown pages; a block without a marker has no region. */
  List<Shown> inPages() {
    return files(".md").stream().flatMap(page -> inPage(page).stream()).toList();
  }

  private List<Shown> inPage(Path page) {
    List<String> lines = read(page);
    List<Shown> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).equals("```java")) {
        String region = "";
        Matcher marker = MARKER.matcher(i == 0 ? "" : lines.get(i - 1));
        if (marker.matches()) {
          region = "readme:" + marker.group(1) + "#" + marker.group(2);
        }
        int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf("```");
        found.add(new Shown(page, i + 1, region, List.copyOf(lines.subList(i + 1, end))));
        i = end;
      }
    }
    return found;
  }

  /** Returns all code blocks of doc comments in main sources. */
  List<Shown> inDocComments() {
    List<Shown> found = new ArrayList<>();
    for (Path source : files(".java")) {
      if (source.toString().contains("/src/main/")) {
        found.addAll(inDocComments(source));
      }
    }
    return found;
  }

  private static List<Shown> inDocComments(Path source) {
    String text = String.join("\n", read(source));
    String type = source.getFileName().toString().replace(".java", "");
    List<Shown> found = new ArrayList<>();
    Matcher block = DOC_BLOCK.matcher(text);
    while (block.find()) {
      List<String> code =
          block.group(1).lines().map(line -> line.replaceFirst("^ *\\* ?", "")).toList();
      int line = (int) text.substring(0, block.start()).lines().count();
      String name = found.isEmpty() ? type : type + "-" + (found.size() + 1);
      found.add(new Shown(source, line, "doc:" + name, code));
    }
    return found;
  }

  /** Returns the regions of all compiled sources by name. */
  Map<String, List<String>> regions() {
    Map<String, List<String>> regions = new HashMap<>();
    for (Path source : files(".java")) {
      List<String> lines = read(source);
      for (int i = 0; i < lines.size(); i++) {
        Matcher open = OPEN.matcher(lines.get(i).strip());
        if (open.matches()) {
          put(regions, source, open, bodyFrom(lines, i + 1, open.group(1)));
        }
      }
    }
    return regions;
  }

  private void put(
      Map<String, List<String>> regions, Path source, Matcher open, List<String> body) {
    String name =
        open.group(1).equals("doc")
            ? "doc:" + open.group(2)
            : "readme:" + root.relativize(source) + "#" + open.group(2);
    if (regions.put(name, withoutSharedIndentation(body)) != null) {
      throw new AssertionError(name + ": marked twice, second time in " + source);
    }
  }

  private static List<String> bodyFrom(List<String> lines, int start, String kind) {
    List<String> body = new ArrayList<>();
    for (String line : lines.subList(start, lines.size())) {
      if (line.strip().equals("// [/" + kind + "]")) {
        return body;
      }
      if (!MARKER_LINE.matcher(line).matches()) {
        body.add(line);
      }
    }
    throw new AssertionError("region without an end: " + lines.get(start - 1).strip());
  }

  private static List<String> withoutSharedIndentation(List<String> body) {
    int indentation =
        body.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return body.stream()
        .map(line -> line.length() < indentation ? "" : line.substring(indentation))
        .toList();
  }

  /** Returns what is wrong with a shown piece of code, if anything is. */
  static Optional<String> fault(Shown shown, Map<String, List<String>> regions) {
    String where = shown.document() + ":" + shown.line() + ": ";
    if (shown.region().isEmpty()) {
      return Optional.of(where + "no snippet marker above this block");
    }
    List<String> compiled = regions.get(shown.region());
    if (compiled == null) {
      return Optional.of(where + "no compiled region " + shown.region());
    }
    if (!tokens(compiled).equals(tokens(shown.text()))) {
      return Optional.of(
          where
              + "differs from the compiled region "
              + shown.region()
              + ", which is\n"
              + String.join("\n", compiled));
    }
    return Optional.empty();
  }

  private static List<String> tokens(List<String> lines) {
    return TOKEN.matcher(String.join("\n", lines)).results().map(MatchResult::group).toList();
  }

  private List<Path> files(String ending) {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toString().endsWith(ending))
          .filter(path -> isOurs(root.relativize(path)))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOurs(Path relative) {
    for (Path part : relative) {
      String name = part.toString();
      if (name.equals("target") || name.equals("node_modules") || name.startsWith(".")) {
        return false;
      }
    }
    return true;
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
