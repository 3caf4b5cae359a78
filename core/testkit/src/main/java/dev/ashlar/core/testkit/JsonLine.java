package dev.ashlar.core.testkit;

import java.util.Collection;

/** One JSON object of texts on one line; a test kit has no JSON library to lean on. */
final class JsonLine {

  private static final char REPLACEMENT = '\ufffd';

  private final StringBuilder out = new StringBuilder("{");

  JsonLine with(String name, String value) {
    name(name);
    quote(value);
    return this;
  }

  JsonLine with(String name, Collection<String> values) {
    name(name);
    out.append('[');
    String separator = "";
    for (String value : values) {
      out.append(separator);
      quote(value);
      separator = ",";
    }
    out.append(']');
    return this;
  }

  private void name(String name) {
    if (out.length() > 1) {
      out.append(',');
    }
    quote(name);
    out.append(':');
  }

  /** Everything outside ASCII is escaped, so that any charset fits; half a pair is replaced. */
  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 127) {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) (isHalf(text, i) ? REPLACEMENT : c)));
      }
    }
    out.append('"');
  }

  private static boolean isHalf(String text, int at) {
    char c = text.charAt(at);
    boolean afterHigh = at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
    boolean beforeLow = at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    return (Character.isHighSurrogate(c) && !beforeLow)
        || (Character.isLowSurrogate(c) && !afterHigh);
  }

  @Override
  public String toString() {
    return out + "}";
  }
}
