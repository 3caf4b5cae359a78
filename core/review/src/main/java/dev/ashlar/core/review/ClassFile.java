package dev.ashlar.core.review;

import static dev.ashlar.core.review.ConstantPool.u2;

import dev.ashlar.core.review.ConstantPool.Member;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/*
 * What ArchUnit's own model leaves out and rules here need: whether a result is dropped, which body
 * belongs to which lambda and what the lambda is given, and how a catch ends. JVMS chapter 4:
 *
 *   magic u4, versions 2 x u2, constants, access u2, this u2, super u2, interfaces, fields, methods,
 *   attributes
 *
 * Fields and methods are  access u2, name u2, descriptor u2, attributes ; attributes are
 * name u2, length u4, content. The targets of lambdas stand in the last attribute of the class,
 * BootstrapMethods, so code is read after it.
 */

/** Reads the bodies of the methods of one class file. */
final class ClassFile {

  private final ByteBuffer file;
  private final ConstantPool constants;
  private final String type;
  private final List<Code> codes = new ArrayList<>();
  private final List<Optional<Member>> lambdas = new ArrayList<>();
  private String source = "Unknown Source";

  /** A method that has code, and where that stands. */
  private record Code(String name, String descriptor, int place) {}

  private ClassFile(byte[] bytes) {
    file = ByteBuffer.wrap(bytes);
    file.position(8);
    constants = new ConstantPool(file);
    skip(2);
    type = constants.type(u2(file));
    skip(2);
    skip(2 * u2(file));
    members();
    members();
    attributes(this::ofTheClass);
  }

  static List<Body> bodies(byte[] bytes) {
    ClassFile read = new ClassFile(bytes);
    return read.codes.stream().map(read::body).toList();
  }

  private void members() {
    for (int left = u2(file); left > 0; left--) {
      skip(2);
      String name = constants.text(u2(file));
      String descriptor = constants.text(u2(file));
      attributes(
          attribute -> {
            if (attribute.equals("Code")) {
              codes.add(new Code(name, descriptor, file.position()));
            }
          });
    }
  }

  /** What is done with an attribute, at whose content the file then stands. */
  private interface OfAttribute {
    void read(String name);
  }

  private void attributes(OfAttribute reader) {
    for (int left = u2(file); left > 0; left--) {
      String name = constants.text(u2(file));
      int length = file.getInt();
      int end = file.position() + length;
      reader.read(name);
      file.position(end);
    }
  }

  private void ofTheClass(String attribute) {
    if (attribute.equals("SourceFile")) {
      source = constants.text(u2(file));
    } else if (attribute.equals("BootstrapMethods")) {
      for (int left = u2(file); left > 0; left--) {
        skip(2);
        lambdas.add(bootstrap(u2(file)));
      }
    }
  }

  /** A lambda's bootstrap has three or more arguments, of which the second is its body. */
  private Optional<Member> bootstrap(int arguments) {
    Optional<Member> second = Optional.empty();
    for (int i = 0; i < arguments; i++) {
      int argument = u2(file);
      if (i == 1) {
        second = constants.handle(argument);
      }
    }
    return second;
  }

  private Body body(Code code) {
    file.position(code.place + 4);
    int length = file.getInt();
    int start = file.position();
    file.position(start + length);
    Instructions instructions = new Instructions(file, start, length, constants, lambdas);
    int catches = u2(file);
    int catchesAt = file.position();
    skip(8 * catches);
    attributes(
        attribute -> {
          if (attribute.equals("LineNumberTable")) {
            lines(instructions);
          }
        });
    instructions.read();
    List<Body.Caught> caught = new ArrayList<>();
    for (int i = 0; i < catches; i++) {
      int exception = Short.toUnsignedInt(file.getShort(catchesAt + 8 * i + 6));
      if (exception != 0) {
        int handler = Short.toUnsignedInt(file.getShort(catchesAt + 8 * i + 4));
        caught.add(instructions.caught(constants.type(exception), handler));
      }
    }
    return new Body(
        type,
        source,
        code.name,
        code.descriptor,
        instructions.uses(),
        instructions.lambdas(),
        caught.stream().distinct().toList());
  }

  private void lines(Instructions instructions) {
    for (int left = u2(file); left > 0; left--) {
      instructions.line(u2(file), u2(file));
    }
  }

  private void skip(int bytes) {
    file.position(file.position() + bytes);
  }
}
