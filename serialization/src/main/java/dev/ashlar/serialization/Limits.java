package dev.ashlar.serialization;

/**
 * The most that one document may be, in reading and in writing.
 *
 * <p>The size in bytes is checked before a parser sees the first of them; everything else while
 * reading, before anything is made of the part that is too large. A codec writes nothing that the
 * same limits would refuse to read.
 *
 * <p><b>Threads.</b> Immutable. A codec's limits can be {@linkplain JsonCodec#narrowedTo narrowed}
 * and never widened, so whoever hands on a codec hands on its bounds.
 *
 * <p><b>Limits.</b> The {@linkplain #standard() standard} ones fit a message of a service; raise
 * the one that is too small, not all of them.
 *
 * @param sizeBytes the whole document; standard 1 MiB, the usual most of a broker; at most 256 MiB
 * @param depth objects and arrays within each other, the outermost included; standard 64, far
 *     beyond what people design; at most 256, which takes less than half of the stack that a thread
 *     has unless told otherwise
 * @param stringChars UTF-16 units of one text; standard 1,048,576, so that the size decides
 * @param nameChars UTF-16 units of one field's name or map key; standard 1,000
 * @param numberChars characters of one number, and the most digits behind or zeros before the point
 *     of a {@link java.math.BigDecimal}; standard 100, since the cost of a number grows with the
 *     square of its length; at most 1,000
 * @param items fields and elements of the whole document; standard 100,000, since a small item
 *     becomes a much larger object
 */
public record Limits(
    int sizeBytes, int depth, int stringChars, int nameChars, int numberChars, int items) {

  private static final int SIZE_BYTES_MAX = 256 << 20;
  private static final Limits STANDARD = new Limits(1 << 20, 64, 1 << 20, 1_000, 100, 100_000);

  /** Checks the bounds. */
  public Limits {
    check("sizeBytes", sizeBytes, SIZE_BYTES_MAX);
    check("depth", depth, 256);
    check("stringChars", stringChars, SIZE_BYTES_MAX);
    check("nameChars", nameChars, SIZE_BYTES_MAX);
    check("numberChars", numberChars, 1_000);
    check("items", items, SIZE_BYTES_MAX);
  }

  /** Returns the limits that hold where none are given. */
  public static Limits standard() {
    return STANDARD;
  }

  /** Returns these limits with another size. */
  public Limits withSizeBytes(int sizeBytes) {
    return new Limits(sizeBytes, depth, stringChars, nameChars, numberChars, items);
  }

  /** Returns these limits with another depth. */
  public Limits withDepth(int depth) {
    return new Limits(sizeBytes, depth, stringChars, nameChars, numberChars, items);
  }

  /** Returns these limits with another length of texts. */
  public Limits withStringChars(int stringChars) {
    return new Limits(sizeBytes, depth, stringChars, nameChars, numberChars, items);
  }

  /** Returns these limits with another length of names. */
  public Limits withNameChars(int nameChars) {
    return new Limits(sizeBytes, depth, stringChars, nameChars, numberChars, items);
  }

  /** Returns these limits with another length of numbers. */
  public Limits withNumberChars(int numberChars) {
    return new Limits(sizeBytes, depth, stringChars, nameChars, numberChars, items);
  }

  /** Returns these limits with another count of items. */
  public Limits withItems(int items) {
    return new Limits(sizeBytes, depth, stringChars, nameChars, numberChars, items);
  }

  /** Returns the smaller of each. */
  public Limits narrow(Limits other) {
    return new Limits(
        Math.min(sizeBytes, other.sizeBytes),
        Math.min(depth, other.depth),
        Math.min(stringChars, other.stringChars),
        Math.min(nameChars, other.nameChars),
        Math.min(numberChars, other.numberChars),
        Math.min(items, other.items));
  }

  private static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + most + ")");
    }
  }
}
