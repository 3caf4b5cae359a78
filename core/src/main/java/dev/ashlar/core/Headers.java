package dev.ashlar.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Names with values that travel beside a payload: in a message, an HTTP request, an outbox row.
 *
 * <p>An ordered multimap of text to text. Names match in any case and keep the case they were given
 * in; one name may stand several times.
 *
 * <p><b>Guarantees.</b> No value can end a line or start another header: control characters are
 * refused, here rather than in each transport.
 *
 * <p><b>Failures.</b> {@link IllegalArgumentException} names the header and the bound, never the
 * value.
 *
 * <p><b>Threads.</b> Immutable; each {@code with} method returns a changed copy.
 *
 * <p><b>Limits.</b> {@value #COUNT_MAX} headers, names of {@value #NAME_MAX} and values of {@value
 * #VALUE_MAX} characters, {@value #TOTAL_MAX} characters in all: what the HTTP servers and brokers
 * in common use accept without being configured.
 */
public final class Headers {

  /** The most headers. */
  public static final int COUNT_MAX = 64;

  /** The longest name, in characters. */
  public static final int NAME_MAX = 128;

  /** The longest value, in characters. */
  public static final int VALUE_MAX = 4096;

  /** The most characters of all names and values together. */
  public static final int TOTAL_MAX = 16_384;

  private static final Headers EMPTY = new Headers(List.of());

  private final List<Header> entries;

  private Headers(List<Header> entries) {
    this.entries = entries;
  }

  /** Returns no headers. */
  public static Headers empty() {
    return EMPTY;
  }

  /** Returns one header. */
  public static Headers of(String name, String value) {
    return EMPTY.plus(name, value);
  }

  /** Returns these headers and one more behind them, whether or not the name is there already. */
  public Headers plus(String name, String value) {
    List<Header> changed = new ArrayList<>(entries.size() + 1);
    changed.addAll(entries);
    changed.add(new Header(name, value));
    return checked(changed);
  }

  /** Returns these headers with {@code value} as the only value of {@code name}, at the end. */
  public Headers with(String name, String value) {
    List<Header> changed = new ArrayList<>(entries.size() + 1);
    entries.stream().filter(entry -> !entry.isNamed(name)).forEach(changed::add);
    changed.add(new Header(name, value));
    return checked(changed);
  }

  /** Returns these headers without any of that name. */
  public Headers without(String name) {
    if (first(name).isEmpty()) {
      return this;
    }
    return new Headers(entries.stream().filter(entry -> !entry.isNamed(name)).toList());
  }

  /** Returns the first value of a name. */
  public Optional<String> first(String name) {
    for (Header entry : entries) {
      if (entry.isNamed(name)) {
        return Optional.of(entry.value());
      }
    }
    return Optional.empty();
  }

  /** Returns all values of a name, in order; none if it is not there. */
  public List<String> all(String name) {
    return entries.stream().filter(entry -> entry.isNamed(name)).map(Header::value).toList();
  }

  /** Gives each header to an action, in order. */
  public void forEach(BiConsumer<? super String, ? super String> action) {
    entries.forEach(entry -> action.accept(entry.name(), entry.value()));
  }

  /** Returns how many headers there are. */
  public int size() {
    return entries.size();
  }

  private static Headers checked(List<Header> entries) {
    if (entries.size() > COUNT_MAX) {
      throw new IllegalArgumentException(
          "headers: " + entries.size() + " (expected: at most " + COUNT_MAX + ")");
    }
    int total = 0;
    for (Header entry : entries) {
      total += entry.name().length() + entry.value().length();
    }
    if (total > TOTAL_MAX) {
      throw new IllegalArgumentException(
          "headers: " + total + " characters in all (expected: at most " + TOTAL_MAX + ")");
    }
    return new Headers(List.copyOf(entries));
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Headers that) || entries.size() != that.entries.size()) {
      return false;
    }
    for (int i = 0; i < entries.size(); i++) {
      Header mine = entries.get(i);
      Header theirs = that.entries.get(i);
      if (!mine.isNamed(theirs.name()) || !mine.value().equals(theirs.value())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (Header entry : entries) {
      hash = 31 * hash + entry.name().toLowerCase(Locale.ROOT).hashCode();
      hash = 31 * hash + entry.value().hashCode();
    }
    return hash;
  }

  /** Returns the names and how many values each has; values may be secret. */
  @Override
  public String toString() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    forEach((name, value) -> counts.merge(name.toLowerCase(Locale.ROOT), 1, Integer::sum));
    return "Headers" + counts;
  }
}

/** One header, checked. */
record Header(String name, String value) {

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  Header {
    if (name.isEmpty() || name.length() > Headers.NAME_MAX) {
      throw new IllegalArgumentException(
          "name: " + name.length() + " characters (expected: 1 to " + Headers.NAME_MAX + ")");
    }
    if (!isToken(name)) {
      throw new IllegalArgumentException(
          "name: illegal character (expected: letters, digits and " + TOKEN_MARKS + ")");
    }
    if (value.length() > Headers.VALUE_MAX) {
      throw new IllegalArgumentException(
          name
              + ": "
              + value.length()
              + " characters (expected: at most "
              + Headers.VALUE_MAX
              + ")");
    }
    if (!isPrintable(value)) {
      throw new IllegalArgumentException(
          name + ": control character or unpaired surrogate (expected: printable text)");
    }
  }

  boolean isNamed(String other) {
    return name.equalsIgnoreCase(other);
  }

  private static boolean isToken(String name) {
    int end = 0;
    while (end < name.length() && isTokenCharacter(name.charAt(end))) {
      end++;
    }
    return end == name.length();
  }

  /** The characters of a token in RFC 9110, section 5.6.2. */
  private static boolean isTokenCharacter(int c) {
    return c < 128 && (Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0);
  }

  /** Whether a text has neither control characters, beside tabs, nor half a surrogate pair. */
  private static boolean isPrintable(String value) {
    int end = 0;
    while (end < value.length()) {
      int c = value.codePointAt(end);
      boolean isHalf = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      if (isHalf || (Character.isISOControl(c) && c != '\t')) {
        return false;
      }
      end += Character.charCount(c);
    }
    return true;
  }
}
