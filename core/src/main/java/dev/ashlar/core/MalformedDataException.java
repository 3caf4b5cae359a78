package dev.ashlar.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Bytes or text from outside that are not what they should be.
 *
 * <p>Trying again with the same bytes fails in the same way. Where they can be fetched again, a
 * {@link Reason#CHECKSUM} or {@link Reason#TRUNCATED} is worth one more fetch.
 *
 * <p><b>Not guaranteed.</b> That the data were attacked: a bug of the sender looks the same.
 *
 * <p><b>Failures.</b> The message carries names, positions and sizes, never the content.
 */
public final class MalformedDataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /**
   * Makes the exception.
   *
   * @param reason the kind of fault
   * @param message what was wrong and where; no content of the data
   */
  public MalformedDataException(Reason reason, String message) {
    this(reason, message, null);
  }

  /**
   * Makes the exception.
   *
   * @param reason the kind of fault
   * @param message what was wrong and where; no content of the data
   * @param cause the parser's exception, if its message is known to be free of content
   */
  public MalformedDataException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = requireNonNull(reason, "reason");
  }

  /** Returns the kind of fault, for counting and deciding. */
  public Reason reason() {
    return reason;
  }

  /** The kinds of fault. */
  public enum Reason {
    /** The data end too early. */
    TRUNCATED,
    /** The data go on after their end. */
    TRAILING_DATA,
    /** The data break the rules of their format. */
    MALFORMED,
    /** The data exceed a limit on size, depth or count. */
    LIMIT,
    /** A checksum does not match: the data were changed on the way. */
    CHECKSUM,
    /** The format is not one that this reader knows. */
    UNKNOWN_FORMAT,
    /** The format is known, its version is not. */
    UNSUPPORTED_VERSION,
    /** The schema that the data name is not known. */
    UNKNOWN_SCHEMA,
    /** The data name a type that is not on the allow-list. */
    TYPE_NOT_ALLOWED,
    /** A key stands twice in one object. */
    DUPLICATE_KEY,
    /** A value does not fit the type without losing something. */
    LOSSY_VALUE,
    /** A field that must be there is missing or null. */
    MISSING_FIELD,
    /** A field that the reader does not know, where unknown fields are refused. */
    UNKNOWN_FIELD,
    /** The data were read, but the type's own rules refuse the value. */
    INVALID_VALUE
  }
}
