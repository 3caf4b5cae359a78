package dev.ashlar.core.review;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The code that a rule looks at: the bodies of all methods of the classes it was given. */
final class Code {

  /** Every rule reads the same files. Bounded by the classes that somebody else holds. */
  private static final Map<JavaClass, List<Body>> READ =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Map<String, JavaClass> classes = new HashMap<>();
  private final Map<String, Body> bodies = new HashMap<>();
  private final Set<Body> inOrder = new LinkedHashSet<>();
  private final Map<String, Boolean> subtypes = new HashMap<>();

  Code(Collection<JavaClass> given) {
    for (JavaClass type : given) {
      classes.put(type.getName(), type);
      for (Body body : READ.computeIfAbsent(type, Code::read)) {
        bodies.put(key(body.type(), body.name(), body.descriptor()), body);
        inOrder.add(body);
      }
    }
  }

  private static List<Body> read(JavaClass type) {
    return type.getSource().map(Code::read).orElse(List.of());
  }

  private static List<Body> read(Source source) {
    try (InputStream in = source.getUri().toURL().openStream()) {
      return ClassFile.bodies(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(source.getUri() + " cannot be read again", e);
    }
  }

  Stream<JavaClass> classes() {
    return classes.values().stream().sorted(Comparator.comparing(JavaClass::getName));
  }

  Stream<Body> bodies() {
    return inOrder.stream();
  }

  Stream<Body> bodies(Predicate<Body> which) {
    return inOrder.stream().filter(which);
  }

  /** Returns what ArchUnit knows of a body's class. */
  JavaClass classOf(Body body) {
    JavaClass type = classes.get(body.type());
    if (type == null) {
      throw new IllegalArgumentException("body: of " + body.type() + " (expected: of this code)");
    }
    return type;
  }

  boolean uses(Body body, Target... targets) {
    return body.uses().stream().anyMatch(use -> hits(body, use, targets));
  }

  /** Whether a use in a body is of one of the targets, or of a subtype's. */
  boolean hits(Body body, Body.Use use, Target... targets) {
    return Stream.of(targets)
        .anyMatch(
            target ->
                target.members().contains(use.member()) && isA(body, use.owner(), target.owner()));
  }

  private boolean isA(Body body, String type, String expected) {
    return type.equals(expected)
        || subtypes.computeIfAbsent(
            type + " " + expected,
            pair -> known(body, type).anyMatch(each -> each.isAssignableTo(expected)));
  }

  /** A type that a body uses is among those that ArchUnit has found in the body's class. */
  private Stream<JavaClass> known(Body body, String type) {
    JavaClass given = classes.get(type);
    return given == null
        ? classOf(body).getAccessesFromSelf().stream()
            .map(access -> access.getTargetOwner())
            .filter(owner -> owner.getName().equals(type))
            .limit(1)
        : Stream.of(given);
  }

  /**
   * Returns the given bodies and what runs as part of them: the lambdas they make and the methods
   * of their own class that they call, from those on as well.
   */
  Set<Body> reachedFrom(Stream<Body> seeds) {
    Set<Body> reached = new LinkedHashSet<>();
    ArrayDeque<Body> next = new ArrayDeque<>(seeds.toList());
    while (!next.isEmpty()) {
      Body body = next.remove();
      if (reached.add(body)) {
        partsOf(body).forEach(next::add);
      }
    }
    return reached;
  }

  private Stream<Body> partsOf(Body body) {
    return Stream.concat(
            body.lambdas().stream().map(each -> key(each.owner(), each.name(), each.descriptor())),
            body.uses().stream()
                .filter(use -> outermost(use.owner()).equals(outermost(body.type())))
                .map(use -> key(use.owner(), use.member(), use.descriptor())))
        .map(bodies::get)
        .flatMap(Stream::ofNullable);
  }

  /** Returns the bodies of the lambdas of a shape that a body makes. */
  Stream<Body> lambdasOf(Body body, Predicate<String> shape) {
    return body.lambdas().stream()
        .filter(each -> shape.test(each.shape()))
        .map(each -> bodies.get(key(each.owner(), each.name(), each.descriptor())))
        .flatMap(Stream::ofNullable);
  }

  static String outermost(String type) {
    int nested = type.indexOf('$');
    return nested < 0 ? type : type.substring(0, nested);
  }

  private static String key(String type, String name, String descriptor) {
    return type + "." + name + descriptor;
  }
}
