package dev.ashlar.serialization;

import dev.ashlar.core.MalformedDataException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;

/** The parser's faults in our words; its messages quote the data, so none of them is used. */
final class ParserFault {

  // Literals and numbers that may go on. The parser calls them wrong rather than unfinished.
  private static final Pattern UNFINISHED =
      Pattern.compile("t|tr|tru|f|fa|fal|fals|n|nu|nul|-?[0-9]+\\.");

  private static final int UNFINISHED_CHARS_MAX = 1_000;

  private ParserFault() {}

  /**
   * Returns what a fault means.
   *
   * @param base where in the document the parser began
   */
  static Refusal refusal(JacksonException fault, byte[] document, int base) {
    long offset = base + Math.max(0, fault.getLocation().getByteOffset());
    if (fault instanceof UnexpectedEndOfInputException
        || offset >= document.length
        || endsUnfinished(document, offset)) {
      return new Refusal(Reason.TRUNCATED, "end of the data", document.length);
    }
    if (fault instanceof StreamConstraintsException) {
      // With its own limits off, the parser still refuses names made to collide in its hash table.
      return new Refusal(Reason.LIMIT, "names: too many that collide", offset);
    }
    return new Refusal(Reason.MALFORMED, "no JSON", offset);
  }

  static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "number";
      case VALUE_TRUE, VALUE_FALSE -> "boolean";
      default -> "no value";
    };
  }

  private static boolean endsUnfinished(byte[] document, long offset) {
    int start = document.length;
    int lowest = Math.max(0, start - UNFINISHED_CHARS_MAX);
    while (start > lowest && isPartOfToken(document[start - 1])) {
      start--;
    }
    String tail = new String(document, start, document.length - start, StandardCharsets.ISO_8859_1);
    return offset >= start && UNFINISHED.matcher(tail).matches();
  }

  private static boolean isPartOfToken(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '.';
  }
}
