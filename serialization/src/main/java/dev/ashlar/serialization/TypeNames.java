package dev.ashlar.serialization;

import java.util.Locale;
import java.util.regex.Pattern;

/** The names that stand for types on the wire; they have nothing to do with class names. */
final class TypeNames {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9.-]{0,63}");
  private static final Pattern DISCRIMINATOR = Pattern.compile("[A-Za-z_$@][A-Za-z0-9_$@.-]{0,63}");

  // Between a small letter or digit and a capital, and before the last capital of a run that goes
  // on
  // in small letters: OrderPlaced, HttpV2Request, HTTPRequest.
  private static final Pattern BORDER =
      Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])");

  private TypeNames() {}

  static void check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("name: " + name + " (expected: " + NAME + ")");
    }
  }

  static void checkDiscriminator(String name) {
    if (!DISCRIMINATOR.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "discriminator: " + name + " (expected: " + DISCRIMINATOR + ")");
    }
  }

  /** Returns a record's name as small words with hyphens. */
  static String derivedFrom(Class<?> type) {
    String words = BORDER.matcher(type.getSimpleName()).replaceAll("-");
    String name = words.toLowerCase(Locale.ROOT);
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          type.getName() + ": no name follows from it (expected: one given with withName)");
    }
    return name;
  }
}
