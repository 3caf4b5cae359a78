package dev.ashlar.examples.shop.fault;

import dev.ashlar.examples.shop.service.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a line behind the service: pairs of a name and a value. */
record Clauses(Map<String, String> values) {

  private static final long NUMBER_MAX = 1_000_000_000;
  private static final int TIMES_MAX = 1_000;
  private static final Duration LENGTH_MAX = Duration.ofMinutes(1);
  private static final int SHOWN_MAX = 40;
  private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})(ms|s)");

  static Clauses of(List<String> words, List<String> needed) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i += 2) {
      String name = words.get(i);
      if (!needed.contains(name) && !name.equals("most")) {
        throw new IllegalArgumentException(
            "word " + quoted(name) + " (expected: " + String.join(", ", needed) + " or most)");
      }
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(name + ": missing (expected: a value behind it)");
      }
      if (values.put(name, words.get(i + 1)) != null) {
        throw new IllegalArgumentException(name + ": stands twice (expected: once)");
      }
    }
    for (String name : needed) {
      if (!values.containsKey(name)) {
        throw new IllegalArgumentException(name + ": missing (expected: once)");
      }
    }
    return new Clauses(values);
  }

  long every() {
    return number("every", NUMBER_MAX);
  }

  long most() {
    return values.containsKey("most") ? number("most", NUMBER_MAX) : Long.MAX_VALUE;
  }

  int times() {
    return (int) number("times", TIMES_MAX);
  }

  Step step() {
    String label = value("at");
    return Step.named(label)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "step " + quoted(label) + " (expected: received, paid, committed or sent)"));
  }

  Duration length() {
    String text = value("for");
    Matcher matcher = LENGTH.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration length =
          matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
      if (!length.isZero() && length.compareTo(LENGTH_MAX) <= 0) {
        return length;
      }
    }
    throw new IllegalArgumentException("for: " + quoted(text) + " (expected: 1ms to 60s)");
  }

  private long number(String name, long max) {
    String text = value(name);
    if (text.matches("\\d{1,10}")) {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= max) {
        return number;
      }
    }
    throw new IllegalArgumentException(
        name + ": " + quoted(text) + " (expected: 1 to " + max + ")");
  }

  /** Returns what somebody has written as it can be shown: one line, not too long. */
  static String quoted(String word) {
    String printable = word.replaceAll("\\P{Print}", "?");
    return "'"
        + (printable.length() <= SHOWN_MAX ? printable : printable.substring(0, SHOWN_MAX))
        + "'";
  }

  private String value(String name) {
    return values.getOrDefault(name, "");
  }
}
