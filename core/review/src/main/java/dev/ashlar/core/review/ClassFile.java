package dev.ashlar.core.review;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/*
 * ArchUnit's model has calls, lambdas and tries, but leaves out what rules here need: whether a result
 * is dropped, which body belongs to which lambda and what the lambda is given, and how a catch ends.
 * ArchUnit reads with a copy of ASM of its own, which it keeps to itself; so the files are read once
 * more, with ASM.
 */

/** Reads the bodies of the methods of one class file. */
final class ClassFile {

  private final ClassNode type;

  private ClassFile(ClassNode type) {
    this.type = type;
  }

  static List<Body> bodies(byte[] bytes) {
    ClassNode type = new ClassNode();
    new ClassReader(bytes).accept(type, ClassReader.SKIP_FRAMES);
    ClassFile read = new ClassFile(type);
    return type.methods.stream()
        .filter(method -> method.instructions.size() > 0)
        .map(read::body)
        .toList();
  }

  private Body body(MethodNode method) {
    return new Body(
        named(type.name),
        type.sourceFile == null ? "Unknown Source" : type.sourceFile,
        method.name,
        method.desc,
        instructions(method).flatMap(each -> use(each).stream()).toList(),
        instructions(method).flatMap(each -> lambda(each).stream()).toList(),
        method.tryCatchBlocks.stream().flatMap(each -> caught(each).stream()).distinct().toList());
  }

  private static Stream<AbstractInsnNode> instructions(MethodNode method) {
    return Stream.of(method.instructions.toArray());
  }

  /** Returns a type's name as the source has it, save for the sign of nested types. */
  private static String named(String internal) {
    return internal.replace('/', '.');
  }

  private static Optional<Body.Use> use(AbstractInsnNode instruction) {
    if (instruction instanceof MethodInsnNode call) {
      AbstractInsnNode next = real(call.getNext());
      boolean dropped = next != null && next.getOpcode() == Opcodes.POP;
      return Optional.of(
          new Body.Use(named(call.owner), call.name, call.desc, lineOf(call), dropped));
    }
    return instruction instanceof FieldInsnNode field
        ? Optional.of(
            new Body.Use(named(field.owner), field.name, field.desc, lineOf(field), false))
        : Optional.empty();
  }

  /** A lambda's bootstrap has three or more arguments, of which the second is its body. */
  private static Optional<Body.Lambda> lambda(AbstractInsnNode instruction) {
    return instruction instanceof InvokeDynamicInsnNode made
            && made.bsmArgs.length > 1
            && made.bsmArgs[1] instanceof Handle body
        ? Optional.of(
            new Body.Lambda(
                Type.getReturnType(made.desc).getClassName(),
                named(body.getOwner()),
                body.getName(),
                body.getDesc()))
        : Optional.empty();
  }

  /** Follows a catch in a straight line until it is left. */
  private static Optional<Body.Caught> caught(TryCatchBlockNode block) {
    if (block.type == null) {
      return Optional.empty();
    }
    AbstractInsnNode first = Objects.requireNonNull(real(block.handler), "a handler has code");
    boolean passesOn = false;
    AbstractInsnNode at = first;
    while (!passesOn && at != null && !leaves(at.getOpcode())) {
      passesOn =
          at.getOpcode() == Opcodes.ATHROW
              || (at instanceof MethodInsnNode call && call.name.equals("interrupt"));
      at = real(at.getNext());
    }
    return Optional.of(new Body.Caught(named(block.type), lineOf(first), passesOn));
  }

  private static boolean leaves(int code) {
    return code == Opcodes.GOTO || (code >= Opcodes.IRETURN && code <= Opcodes.RETURN);
  }

  /** Returns the next instruction from here on that is no label and no number of a line. */
  private static @Nullable AbstractInsnNode real(@Nullable AbstractInsnNode from) {
    AbstractInsnNode at = from;
    while (at != null && at.getOpcode() < 0) {
      at = at.getNext();
    }
    return at;
  }

  private static int lineOf(AbstractInsnNode instruction) {
    AbstractInsnNode at = instruction;
    while (at != null && !(at instanceof LineNumberNode)) {
      at = at.getPrevious();
    }
    return at instanceof LineNumberNode line ? line.line : 0;
  }
}
