package dev.ashlar.core.review;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The constants of one class file: names, types and members, by their index. */
final class ConstantPool {

  private static final int UTF8 = 1;
  private static final int METHOD_HANDLE = 15;

  private final ByteBuffer file;
  private final int[] places;

  /** A member of a type, by the names that the class file has for it. */
  record Member(String owner, String name, String descriptor) {}

  /** What an invokedynamic asks for. */
  record Dynamic(int bootstrap, String name, String descriptor) {}

  /** Reads past the pool, which begins where the file stands. */
  ConstantPool(ByteBuffer file) {
    this.file = file;
    this.places = new int[u2(file)];
    for (int i = 1; i < places.length; i++) {
      places[i] = file.position();
      int tag = file.get();
      skip(tag);
      if (tag == 5 || tag == 6) {
        // JVMS 4.4.5: a long or a double takes two entries.
        i++;
      }
    }
  }

  private void skip(int tag) {
    int size =
        switch (tag) {
          case UTF8 -> u2(file);
          case 7, 8, 16, 19, 20 -> 2;
          case METHOD_HANDLE -> 3;
          case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
          case 5, 6 -> 8;
          default ->
              throw new IllegalArgumentException("constant: tag " + tag + " (expected: 1 to 20)");
        };
    file.position(file.position() + size);
  }

  String text(int index) {
    int place = places[index];
    byte[] bytes = new byte[u2(place + 1)];
    file.get(place + 3, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Returns the type's name as the source has it, save for the sign of nested types. */
  String type(int index) {
    return text(u2(places[index] + 1)).replace('/', '.');
  }

  Member member(int index) {
    int nameAndType = places[u2(places[index] + 3)];
    return new Member(
        type(u2(places[index] + 1)), text(u2(nameAndType + 1)), text(u2(nameAndType + 3)));
  }

  Dynamic dynamic(int index) {
    int nameAndType = places[u2(places[index] + 3)];
    return new Dynamic(u2(places[index] + 1), text(u2(nameAndType + 1)), text(u2(nameAndType + 3)));
  }

  /** Returns the method that a handle is for; empty for any other constant. */
  Optional<Member> handle(int index) {
    int place = places[index];
    return file.get(place) == METHOD_HANDLE ? Optional.of(member(u2(place + 2))) : Optional.empty();
  }

  private int u2(int place) {
    return Short.toUnsignedInt(file.getShort(place));
  }

  static int u2(ByteBuffer file) {
    return Short.toUnsignedInt(file.getShort());
  }
}
