package dev.ashlar.core.review;

import dev.ashlar.core.review.ConstantPool.Dynamic;
import dev.ashlar.core.review.ConstantPool.Member;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Walks through the instructions of one method (JVMS chapter 6). */
final class Instructions {

  private static final int POP = 0x57;
  private static final int GOTO = 0xa7;
  private static final int TABLE_SWITCH = 0xaa;
  private static final int LOOKUP_SWITCH = 0xab;
  private static final int FIRST_RETURN = 0xac;
  private static final int LAST_RETURN = 0xb1;
  private static final int FIRST_FIELD = 0xb2;
  private static final int FIRST_INVOKE = 0xb6;
  private static final int INVOKE_INTERFACE = 0xb9;
  private static final int INVOKE_DYNAMIC = 0xba;
  private static final int THROW = 0xbf;
  private static final int WIDE = 0xc4;
  private static final int INCREMENT = 0x84;

  private final ByteBuffer file;
  private final int start;
  private final int length;
  private final ConstantPool constants;
  private final List<Optional<Member>> bootstraps;
  private final TreeMap<Integer, Integer> lines = new TreeMap<>();
  private final List<Body.Use> uses = new ArrayList<>();
  private final List<Body.Lambda> lambdas = new ArrayList<>();

  Instructions(
      ByteBuffer file,
      int start,
      int length,
      ConstantPool constants,
      List<Optional<Member>> bootstraps) {
    this.file = file;
    this.start = start;
    this.length = length;
    this.constants = constants;
    this.bootstraps = bootstraps;
  }

  /** From this instruction on the code is of that line. */
  void line(int at, int line) {
    lines.put(at, line);
  }

  List<Body.Use> uses() {
    return List.copyOf(uses);
  }

  List<Body.Lambda> lambdas() {
    return List.copyOf(lambdas);
  }

  void read() {
    for (int at = 0; at < length; at += size(at)) {
      int code = code(at);
      if (code == INVOKE_DYNAMIC) {
        lambda(constants.dynamic(u2(at + 1)));
      } else if (code >= FIRST_FIELD && code <= INVOKE_INTERFACE) {
        uses.add(use(at));
      }
    }
  }

  private Body.Use use(int at) {
    Member member = constants.member(u2(at + 1));
    int next = at + size(at);
    boolean dropped = code(at) >= FIRST_INVOKE && next < length && code(next) == POP;
    return new Body.Use(member.owner(), member.name(), member.descriptor(), lineOf(at), dropped);
  }

  private void lambda(Dynamic dynamic) {
    bootstraps
        .get(dynamic.bootstrap())
        .ifPresent(
            body ->
                lambdas.add(
                    new Body.Lambda(
                        Descriptors.returned(dynamic.descriptor()),
                        body.owner(),
                        body.name(),
                        body.descriptor())));
  }

  /** Follows a catch in a straight line until it is left. */
  Body.Caught caught(String exception, int handler) {
    boolean passesOn = false;
    int at = handler;
    while (!passesOn && at < length && !leaves(code(at))) {
      passesOn = code(at) == THROW || isInterrupt(at);
      at += size(at);
    }
    return new Body.Caught(exception, lineOf(handler), passesOn);
  }

  private static boolean leaves(int code) {
    return code == GOTO || (code >= FIRST_RETURN && code <= LAST_RETURN);
  }

  private boolean isInterrupt(int at) {
    int code = code(at);
    return code >= FIRST_INVOKE
        && code <= INVOKE_INTERFACE
        && constants.member(u2(at + 1)).name().equals("interrupt");
  }

  private int lineOf(int at) {
    Map.Entry<Integer, Integer> line = lines.floorEntry(at);
    return line == null ? 0 : line.getValue();
  }

  private int size(int at) {
    int code = code(at);
    return switch (code) {
      case TABLE_SWITCH -> {
        int table = padded(at);
        yield table - at + 12 + 4 * (i4(table + 8) - i4(table + 4) + 1);
      }
      case LOOKUP_SWITCH -> {
        int table = padded(at);
        yield table - at + 8 + 8 * i4(table + 4);
      }
      case WIDE -> code(at + 1) == INCREMENT ? 6 : 4;
      default -> plainSize(code);
    };
  }

  private static int plainSize(int code) {
    if (isBetween(code, 0x99, 0xa8) || isBetween(code, FIRST_FIELD, 0xb8)) {
      return 3;
    }
    if (isBetween(code, 0x15, 0x19) || isBetween(code, 0x36, 0x3a)) {
      return 2;
    }
    return switch (code) {
      case 0x10, 0x12, 0xa9, 0xbc -> 2;
      case 0x11, 0x13, 0x14, INCREMENT, 0xbb, 0xbd, 0xc0, 0xc1, 0xc6, 0xc7 -> 3;
      case 0xc5 -> 4;
      case INVOKE_INTERFACE, INVOKE_DYNAMIC, 0xc8, 0xc9 -> 5;
      default -> 1;
    };
  }

  private static boolean isBetween(int code, int first, int last) {
    return code >= first && code <= last;
  }

  /** The tables of a switch begin at a multiple of four. */
  private static int padded(int at) {
    return (at + 4) & ~3;
  }

  private int code(int at) {
    return Byte.toUnsignedInt(file.get(start + at));
  }

  private int u2(int at) {
    return Short.toUnsignedInt(file.getShort(start + at));
  }

  private int i4(int at) {
    return file.getInt(start + at);
  }
}
