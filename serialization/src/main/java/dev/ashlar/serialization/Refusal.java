package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;

/**
 * Why a run stops; on its way to the codec, which adds where. Never leaves the package.
 *
 * <p>The text is made of names of the type, of limits and of counts. Nothing of the data is in it.
 */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;
  private final long offset;

  Refusal(Reason reason, String what) {
    this(reason, what, -1);
  }

  /**
   * Makes a refusal at a known place.
   *
   * @param offset the byte it is about, or -1 for the token that was read last
   */
  Refusal(Reason reason, String what, long offset) {
    // A hostile sender makes many of these, and nobody reads their stack traces.
    super(what, null, false, false);
    this.reason = reason;
    this.offset = offset;
  }

  static Refusal overLimit(String name, long seen, long most) {
    return new Refusal(Reason.LIMIT, name + ": " + seen + " (expected: at most " + most + ")");
  }

  static Refusal unfit(String seen, String expected) {
    return new Refusal(Reason.LOSSY_VALUE, seen + " (expected: " + expected + ")");
  }

  Reason reason() {
    return reason;
  }

  String what() {
    return String.valueOf(getMessage());
  }

  long offset() {
    return offset;
  }
}
