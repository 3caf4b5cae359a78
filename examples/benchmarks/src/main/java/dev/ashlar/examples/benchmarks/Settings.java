package dev.ashlar.examples.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of one command, every one with a value.
 *
 * @param values by name, without the dashes
 */
public record Settings(Map<String, String> values) {

  /** Keeps a copy. */
  public Settings {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** Returns a text; the option must be one with a default. */
  public String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("name: --" + name + " (expected: one with a default)");
    }
    return value;
  }

  /** Returns a number. */
  public long number(String name, long least, long most) throws BadUse {
    return parse(name, text(name), least, most);
  }

  /** Returns the words between commas. */
  public List<String> words(String name) {
    return text(name).isEmpty() ? List.of() : List.of(text(name).split(",", -1));
  }

  /** Returns the numbers between commas. */
  public List<Long> numbers(String name, long least, long most) throws BadUse {
    List<Long> numbers = new ArrayList<>();
    for (String word : words(name)) {
      numbers.add(parse(name, word, least, most));
    }
    return List.copyOf(numbers);
  }

  private static long parse(String name, String word, long least, long most) throws BadUse {
    try {
      long value = Long.parseLong(word);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadUse("--" + name + ": " + word + " (expected: " + least + " to " + most + ")");
  }
}
