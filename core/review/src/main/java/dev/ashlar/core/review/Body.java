package dev.ashlar.core.review;

import java.util.List;
import java.util.stream.Stream;
import org.objectweb.asm.Type;

/**
 * The body of one method as its class file has it. Holds names only, so that it can be kept while
 * the classes it was read from are forgotten.
 *
 * @param type the class
 * @param source the file it was compiled from
 * @param name the method's, {@code lambda$...} for the body of a lambda
 * @param descriptor parameters and return type, those that a lambda captures before its own
 * @param uses the members it calls, reads or writes, in the order of the code
 * @param lambdas the lambdas and method references it makes
 * @param catches what it catches
 */
record Body(
    String type,
    String source,
    String name,
    String descriptor,
    List<Use> uses,
    List<Lambda> lambdas,
    List<Caught> catches) {

  /**
   * A use of a member.
   *
   * @param dropped whether it is a call whose result is thrown away at once
   */
  record Use(String owner, String member, String descriptor, int line, boolean dropped) {

    private boolean isCall() {
      return descriptor.startsWith("(");
    }

    int parameters() {
      return isCall() ? Type.getArgumentCount(descriptor) : 0;
    }

    /** Returns the name of the type that a call returns or a field is of. */
    String result() {
      return (isCall() ? Type.getReturnType(descriptor) : Type.getType(descriptor)).getClassName();
    }
  }

  /**
   * A lambda or a method reference.
   *
   * @param shape the functional interface that it is for
   */
  record Lambda(String shape, String owner, String name, String descriptor) {}

  /**
   * A catch.
   *
   * @param passesOn whether it throws something, or interrupts a thread, before it is over
   */
  record Caught(String exception, int line, boolean passesOn) {

    boolean swallowsAnInterrupt() {
      return exception.equals("java.lang.InterruptedException") && !passesOn;
    }
  }

  boolean returns(String type) {
    return Type.getReturnType(descriptor).getClassName().equals(type);
  }

  boolean takes(String type) {
    return Stream.of(Type.getArgumentTypes(descriptor))
        .anyMatch(each -> each.getClassName().equals(type));
  }

  /** Returns the method that a person wrote: that around a lambda, for a lambda's body. */
  String place() {
    String written = name.startsWith("lambda$") ? name.split("\\$", 3)[1] : name;
    return type + "." + (written.equals("new") ? "<init>" : written);
  }

  String at(int line) {
    return place() + " (" + source + ":" + line + ")";
  }
}
