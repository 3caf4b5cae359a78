package dev.ashlar.examples.house;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What a pom says itself, without what it inherits. */
record Pom(Path file, Element project) {

  static Pom read(Path file) {
    try {
      Element project =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
      return new Pom(file, project);
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  /** The first text at the path of element names below the project. */
  Optional<String> text(String... path) {
    return texts(path).stream().findFirst();
  }

  List<String> texts(String... path) {
    return elements(path).stream().map(element -> element.getTextContent().trim()).toList();
  }

  List<Element> elements(String... path) {
    List<Element> found = List.of(project);
    for (String name : path) {
      found = found.stream().flatMap(parent -> children(parent, name).stream()).toList();
    }
    return found;
  }

  static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }
}
