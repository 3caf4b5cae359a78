package dev.ashlar.examples.evidence;

import dev.ashlar.core.Bytes;
import dev.ashlar.core.Codec;
import dev.ashlar.core.MalformedDataException;
import dev.ashlar.serialization.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Reads what a build left in the folders of its modules. */
final class Checkout {

  private static final Codec<Line> LINES = JsonCodec.of(Line.class);
  private static final Codec<PropertyList> PROPERTIES = JsonCodec.of(PropertyList.class);
  private static final Codec<SubjectList> SUBJECTS = JsonCodec.of(SubjectList.class);

  /** How a class file spells the annotation that names a subject. */
  private static final String SUBJECT = "Ldev/ashlar/core/testkit/Subject;";

  private final Path root;
  private final List<Property> properties = new ArrayList<>();
  private final List<Evidence.Located> rows = new ArrayList<>();
  private final List<Line.Twin> twins = new ArrayList<>();
  private final List<Line.Probe> probes = new ArrayList<>();
  private final List<String> silent = new ArrayList<>();

  private Checkout(Path root) {
    this.root = root;
  }

  /**
   * Returns the evidence of a built checkout.
   *
   * @throws MalformedDataException naming the file, and the line where there is one
   */
  static Evidence read(Path root, List<ExpectedSubject> subjects) throws IOException {
    Checkout checkout = new Checkout(root);
    for (String module : modules(root.resolve("pom.xml"))) {
      checkout.readModule(module);
    }
    return new Evidence(
        checkout.properties,
        subjects,
        checkout.rows,
        checkout.twins,
        checkout.probes,
        checkout.silent);
  }

  /** Returns the subjects that this tree is expected to prove something of. */
  static List<ExpectedSubject> subjects() throws IOException {
    try (InputStream in = Checkout.class.getResourceAsStream("subjects.json")) {
      if (in == null) {
        throw new IllegalStateException("subjects.json: missing (expected: beside the classes)");
      }
      return decode(SUBJECTS, named("subjects", Bytes.owning(in.readAllBytes())), "subjects.json")
          .subjects();
    }
  }

  private void readModule(String module) throws IOException {
    for (Path file : files(module, "target/classes", "properties.json")) {
      Bytes list = named("properties", Bytes.owning(Files.readAllBytes(file)));
      properties.addAll(decode(PROPERTIES, list, root.relativize(file).toString()).properties());
    }
    int before = rows.size();
    for (Path file : files(module, "target/evidence/rows", ".jsonl")) {
      readLines(module, file);
    }
    if (rows.size() == before && namesSubjects(module)) {
      silent.add(module);
    }
  }

  private void readLines(String module, Path file) throws IOException {
    int number = 0;
    for (String text : Files.readAllLines(file)) {
      number++;
      Line line = decode(LINES, Bytes.utf8(text), root.relativize(file) + ":" + number);
      if (line instanceof Line.Row row) {
        rows.add(new Evidence.Located(module, row));
      } else if (line instanceof Line.Twin twin) {
        twins.add(twin);
      } else if (line instanceof Line.Probe probe) {
        probes.add(probe);
      }
    }
  }

  private boolean namesSubjects(String module) throws IOException {
    for (Path file : files(module, "target/test-classes", ".class")) {
      String constants = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      if (constants.contains(SUBJECT)) {
        return true;
      }
    }
    return false;
  }

  private List<Path> files(String module, String folder, String end) throws IOException {
    Path start = root.resolve(module).resolve(folder);
    if (!Files.isDirectory(start)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(start)) {
      return files.filter(file -> file.getFileName().toString().endsWith(end)).sorted().toList();
    }
  }

  /** A document of the codec is an object, and the lists are easier to read without one around. */
  private static Bytes named(String name, Bytes list) {
    return Bytes.utf8("{\"" + name + "\":" + list.toUtf8() + "}");
  }

  private static <T> T decode(Codec<T> codec, Bytes bytes, String where) {
    try {
      return codec.decode(bytes);
    } catch (MalformedDataException e) {
      throw new MalformedDataException(e.reason(), where + ": " + e.getMessage(), e);
    }
  }

  private static List<String> modules(Path pom) throws IOException {
    List<String> modules = new ArrayList<>();
    for (Node list : children(parse(pom), "modules")) {
      for (Node module : children((Element) list, "module")) {
        modules.add(module.getTextContent().strip());
      }
    }
    return modules;
  }

  private static Element parse(Path pom) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory.newDocumentBuilder().parse(pom.toFile()).getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException(pom + ": " + e.getMessage(), e);
    }
  }

  /** Only direct children: the same names may stand deeper, in the configuration of a plugin. */
  private static List<Node> children(Element parent, String name) {
    NodeList all = parent.getChildNodes();
    List<Node> children = new ArrayList<>();
    for (int i = 0; i < all.getLength(); i++) {
      if (all.item(i) instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }

  /** The content of one test kit's {@code properties.json}. */
  record PropertyList(List<Property> properties) {}

  /** The content of {@code subjects.json}. */
  record SubjectList(List<ExpectedSubject> subjects) {}
}
