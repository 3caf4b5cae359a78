package dev.ashlar.serialization;

import java.util.Set;

/**
 * How the values of one type look in JSON: what a codec found out about the type when it was made.
 *
 * <p>A shape is told where it stands: reading begins on the first token of the value and ends on
 * its last.
 */
interface Shape {

  Object read(Source in);

  void write(Object value, Sink out);

  /** Returns whether some finite document has this shape, given the records known to have one. */
  default boolean isFinite(Set<RecordShape> finite) {
    return true;
  }
}
