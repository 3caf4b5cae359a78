package dev.ashlar.tracing.collate;

/** There are more lines with one correlation id than a timeline may have. */
public final class TooManyLinesException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TooManyLinesException(int max) {
    super("lines: more than " + max + " with this correlation id (expected: at most " + max + ")");
  }
}
