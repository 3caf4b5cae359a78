package dev.ashlar.examples.shop;

import dev.ashlar.examples.shop.Options.Action;
import dev.ashlar.examples.shop.settle.LeaseEngine;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The words behind the command, as options. */
final class CommandLine {

  static final long COUNT = 2_000;
  static final long COUNT_MAX = 10_000_000;
  static final long SEED = 7;
  static final long TIME_LIMIT_MAX_SECONDS = 86_400;

  private static final Set<String> FLAGS = Set.of("--help", "--print-faults", "--processes");
  private static final Set<String> VALUED =
      Set.of(
          "--orders",
          "--count",
          "--seed",
          "--faults",
          "--engine-leases",
          "--keep",
          "--report",
          "--time-limit");

  private final Map<String, String> given = new LinkedHashMap<>();

  private CommandLine() {}

  static Options parse(List<String> words) throws BadUse {
    CommandLine line = new CommandLine();
    Iterator<String> rest = words.iterator();
    while (rest.hasNext()) {
      line.take(rest.next(), rest);
    }
    return line.options();
  }

  private void take(String word, Iterator<String> rest) throws BadUse {
    int equals = word.startsWith("--") ? word.indexOf('=') : -1;
    String name = equals < 0 ? word : word.substring(0, equals);
    String value = "";
    if (name.equals("-h")) {
      name = "--help";
    }
    if (VALUED.contains(name)) {
      if (equals < 0 && !rest.hasNext()) {
        throw new BadUse(name + ": missing value");
      }
      value = equals < 0 ? rest.next() : word.substring(equals + 1);
    } else if (!FLAGS.contains(name)) {
      throw new BadUse("unknown option: " + word + " (see --help)");
    } else if (equals >= 0) {
      throw new BadUse(name + ": takes no value");
    }
    if (given.put(name, value) != null) {
      throw new BadUse(name + ": stands twice");
    }
  }

  private Options options() throws BadUse {
    if (given.containsKey("--orders")) {
      for (String made : List.of("--count", "--seed")) {
        if (given.containsKey(made)) {
          throw new BadUse(made + ": is for orders that are made, not with --orders");
        }
      }
    }
    Optional<Duration> timeLimit = Optional.empty();
    if (given.containsKey("--time-limit")) {
      timeLimit =
          Optional.of(Duration.ofSeconds(number("--time-limit", 0, 1, TIME_LIMIT_MAX_SECONDS)));
    }
    return new Options(
        action(),
        text("--orders"),
        number("--count", COUNT, 1, COUNT_MAX),
        number("--seed", SEED, Long.MIN_VALUE, Long.MAX_VALUE),
        text("--faults"),
        given.containsKey("--processes"),
        leases(),
        text("--keep"),
        isJson(),
        timeLimit);
  }

  private Action action() {
    if (given.containsKey("--help")) {
      return Action.HELP;
    }
    return given.containsKey("--print-faults") ? Action.PRINT_FAULTS : Action.RUN;
  }

  private LeaseEngine leases() throws BadUse {
    String label = given.getOrDefault("--engine-leases", LeaseEngine.MEMORY.label());
    return LeaseEngine.named(label)
        .orElseThrow(
            () ->
                new BadUse(
                    "--engine-leases: '" + label + "' (expected: " + LeaseEngine.labels() + ")"));
  }

  private Optional<String> text(String name) throws BadUse {
    Optional<String> value = Optional.ofNullable(given.get(name));
    if (value.filter(String::isEmpty).isPresent()) {
      throw new BadUse(name + ": missing value");
    }
    return value;
  }

  private boolean isJson() throws BadUse {
    String form = given.getOrDefault("--report", "table");
    if (!form.equals("table") && !form.equals("json")) {
      throw new BadUse("--report: '" + form + "' (expected: table or json)");
    }
    return form.equals("json");
  }

  private long number(String name, long standard, long min, long max) throws BadUse {
    String text = given.get(name);
    if (text == null) {
      return standard;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with the bounds.
    }
    String bounds = min == Long.MIN_VALUE ? "a whole number" : min + " to " + max;
    throw new BadUse(name + ": '" + text + "' (expected: " + bounds + ")");
  }
}
