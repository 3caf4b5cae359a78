package dev.ashlar.tracing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One log line as one JSON object, made field by field.
 *
 * <p><b>Guarantees.</b> Whatever the names and values are, the text is one line of printable ASCII
 * and a well-formed JSON object: no value ends the line, moves the cursor of a terminal, or starts
 * a lookup such as <code>${jndi:...}</code>, and no name stands twice, the first one wins
 * (TRACE-14). Text that is too long is cut, and says how much was cut off.
 *
 * <p><b>Threads.</b> One thread only.
 *
 * <p><b>Limits.</b> Names of {@value #NAME_MAX} and values of {@value #VALUE_MAX} characters,
 * message and stack trace of {@value #TEXT_MAX}; {@value #FIELDS_MAX} fields, and {@value
 * #LINE_MAX} characters in all, because shippers of logs cut or drop longer lines. A field that has
 * no room is left out, and {@code "truncated":true} says so.
 */
public final class JsonLine {

  /** The longest name, in characters. */
  public static final int NAME_MAX = 128;

  /** The longest value, in characters before they are escaped. */
  public static final int VALUE_MAX = 1024;

  /** The longest message or stack trace, in characters before they are escaped. */
  public static final int TEXT_MAX = 8192;

  /** The most fields. */
  public static final int FIELDS_MAX = 64;

  /** The longest line, in characters. */
  public static final int LINE_MAX = 65_536;

  private static final String MESSAGE = "message";
  private static final String STACK = "error_stack";
  private static final String CUT = ",\"truncated\":true";

  private final StringBuilder out = new StringBuilder(512).append('{');
  private final Set<String> names = new HashSet<>();
  private boolean truncated;

  JsonLine() {}

  /** Adds a text. */
  public JsonLine with(String name, String value) {
    int max = name.equals(MESSAGE) || name.equals(STACK) ? TEXT_MAX : VALUE_MAX;
    return field(name, quoted(value, max));
  }

  /** Adds a number. */
  public JsonLine with(String name, long value) {
    return field(name, Long.toString(value));
  }

  /**
   * Adds whatever a caller put beside its message: a number or a truth value as such, else a text.
   *
   * @param value may be {@code null}, as it may in SLF4J
   */
  public JsonLine withValue(String name, @Nullable Object value) {
    boolean plain =
        value == null
            || value instanceof Long
            || value instanceof Integer
            || value instanceof Short
            || value instanceof Byte
            || value instanceof Boolean;
    return plain ? field(name, String.valueOf(value)) : with(name, String.valueOf(value));
  }

  /** Adds all of a map, such as the MDC, in the order of its names. */
  public JsonLine withAll(Map<String, ? extends @Nullable Object> fields) {
    for (String name : new TreeSet<>(fields.keySet())) {
      withValue(name, fields.get(name));
    }
    return this;
  }

  /** Adds the type, the message and the stack trace of a failure. */
  public JsonLine withError(Throwable failure) {
    StringWriter stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack));
    String message = failure.getMessage();
    with("error_type", failure.getClass().getName());
    return (message == null ? this : with("error_message", message)).with(STACK, stack.toString());
  }

  private JsonLine field(String name, String json) {
    String quotedName = quoted(name, NAME_MAX);
    int length = out.length() + quotedName.length() + json.length() + 2;
    if (names.contains(quotedName)) {
      return this;
    }
    if (names.size() == FIELDS_MAX || length + CUT.length() + 1 > LINE_MAX) {
      truncated = true;
      return this;
    }
    if (!names.isEmpty()) {
      out.append(',');
    }
    names.add(quotedName);
    out.append(quotedName).append(':').append(json);
    return this;
  }

  /** Returns the line, without a line end. */
  public String text() {
    return out + (truncated ? CUT : "") + "}";
  }

  /** Everything but printable ASCII is escaped: then no charset and no terminal can do harm. */
  private static String quoted(String text, int max) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    int end = Math.min(text.length(), max);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~' || isLookup(text, i)) {
        quoted.append(escaped(isHalf(text, i, end) ? '\ufffd' : c));
      } else {
        quoted.append(c);
      }
    }
    if (end < text.length()) {
      quoted.append("...[").append(text.length() - end).append(" more]");
    }
    return quoted.append('"').toString();
  }

  private static String escaped(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> {
        String hex = Integer.toHexString(c);
        yield "\\u" + "0".repeat(4 - hex.length()) + hex;
      }
    };
  }

  private static boolean isLookup(String text, int at) {
    return text.charAt(at) == '$' && at + 1 < text.length() && text.charAt(at + 1) == '{';
  }

  private static boolean isHalf(String text, int at, int end) {
    char c = text.charAt(at);
    boolean afterHigh = at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    boolean beforeLow = at + 1 < end && Character.isLowSurrogate(text.charAt(at + 1));
    return (Character.isHighSurrogate(c) && !beforeLow)
        || (Character.isLowSurrogate(c) && !afterHigh);
  }
}
