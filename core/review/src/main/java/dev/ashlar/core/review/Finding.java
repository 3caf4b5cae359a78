package dev.ashlar.core.review;

/**
 * What a rule has found.
 *
 * @param place the method, as {@code type.name}
 * @param text what is wrong, and in which line
 */
record Finding(String place, String text) {

  static Finding of(Body body, int line, String what) {
    return new Finding(body.place(), what + " in " + body.at(line));
  }

  /** Whether the place is, or is within, a type or method. */
  boolean isWithin(String name) {
    return place.equals(name)
        || (place.startsWith(name) && ".$".indexOf(place.charAt(name.length())) >= 0);
  }
}
