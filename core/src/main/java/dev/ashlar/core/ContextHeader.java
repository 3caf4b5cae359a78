package dev.ashlar.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/*
 * The wire form of a context. One header, one value, ASCII, keys in this order:
 *
 *   v=1;req=01J9...;crit=critical;cohort=77;client=web;ttl=1500;try=2;right=owned
 *
 *   v       version of the form; a reader of version 1 takes nothing from any other
 *   req     request id of the sender, which becomes "caused by" at the receiver
 *   crit    critical-plus | critical | sheddable-plus | sheddable
 *   cohort  0 to 127
 *   client  name of the sending program
 *   ttl     milliseconds left, rounded down, so that rounding never adds time
 *   try     attempt, from 1
 *   right   free | owned | none
 *
 * The stored form ends after client: what belongs to the caller's wait is not written, and it is not
 * read either when somebody writes it all the same. Unknown keys are ignored, so keys can be added
 * within version 1. A key that stands twice is malformed: which one counts would depend on the reader.
 */

/** Writes and reads the context header. */
final class ContextHeader {

  private static final String VERSION = "1";

  private ContextHeader() {}

  static String print(CallContext context) {
    return printStored(context)
        + ";ttl="
        + context.deadline().remaining().toMillis()
        + ";try="
        + context.attempt()
        + ";right="
        + name(context.retryRight());
  }

  static String printStored(CallContext context) {
    return "v="
        + VERSION
        + ";req="
        + context.request().value()
        + ";crit="
        + name(context.criticality())
        + ";cohort="
        + context.cohort()
        + ";client="
        + context.client();
  }

  static CallContext receive(CallContext.Receiver receiver, Headers headers) {
    Fields fields = Fields.of(receiver, headers);
    CorrelationId correlation = fields.correlation();
    Duration longest = receiver.longest();
    Duration granted = fields.get("ttl", ContextHeader::millis).orElse(longest);
    Duration timeLeft = granted.compareTo(longest) < 0 ? granted : longest;
    return new CallContext(
        correlation,
        receiver.ids().request(),
        fields.get("req", RequestId::parse),
        Deadline.after(timeLeft, receiver.time()),
        fields.criticality(),
        fields.cohort(correlation),
        fields.get("try", text -> number(text, 1, CallContext.ATTEMPT_MAX)).orElse(1L).intValue(),
        fields.get("right", ContextHeader::retryRight).orElse(RetryRight.FREE),
        fields.client());
  }

  static CallContext deliver(
      CallContext.Receiver receiver, Headers headers, int attempt, Deadline deadline) {
    Fields fields = Fields.of(receiver, headers);
    CorrelationId correlation = fields.correlation();
    return new CallContext(
        correlation,
        receiver.ids().request(),
        fields.get("req", RequestId::parse),
        deadline,
        fields.criticality(),
        fields.cohort(correlation),
        attempt,
        RetryRight.FREE,
        fields.client());
  }

  private static String name(Criticality criticality) {
    return switch (criticality) {
      case CRITICAL_PLUS -> "critical-plus";
      case CRITICAL -> "critical";
      case SHEDDABLE_PLUS -> "sheddable-plus";
      case SHEDDABLE -> "sheddable";
    };
  }

  private static Optional<Criticality> criticality(String text) {
    for (Criticality criticality : Criticality.values()) {
      if (name(criticality).equals(text)) {
        return Optional.of(criticality);
      }
    }
    return Optional.empty();
  }

  private static String name(RetryRight right) {
    return switch (right) {
      case FREE -> "free";
      case OWNED_ABOVE -> "owned";
      case NONE -> "none";
    };
  }

  private static Optional<RetryRight> retryRight(String text) {
    for (RetryRight right : RetryRight.values()) {
      if (name(right).equals(text)) {
        return Optional.of(right);
      }
    }
    return Optional.empty();
  }

  private static Optional<Duration> millis(String text) {
    return number(text, 0, Deadline.LONGEST.toMillis()).map(Duration::ofMillis);
  }

  /** Reads a plain decimal number: no sign, no space, no digits of other scripts. */
  private static Optional<Long> number(String text, long min, long max) {
    if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    long value = Long.parseLong(text);
    return value >= min && value <= max ? Optional.of(value) : Optional.empty();
  }

  /** The fields that came in, and the notes about those that were not what they should be. */
  private record Fields(
      CallContext.Receiver receiver, Headers headers, Map<String, String> values) {

    static Fields of(CallContext.Receiver receiver, Headers headers) {
      if (receiver.trust() == CallContext.Trust.EDGE) {
        return new Fields(receiver, headers, Map.of());
      }
      Optional<Map<String, String>> parsed =
          only(headers, CallContext.CONTEXT_HEADER, receiver)
              .flatMap(text -> parse(text, receiver));
      return new Fields(receiver, headers, parsed.orElse(Map.of()));
    }

    /** A header that stands twice is as good as none: somebody in between added one. */
    private static Optional<String> only(
        Headers headers, String name, CallContext.Receiver receiver) {
      if (headers.all(name).size() > 1) {
        malformed(receiver);
        return Optional.empty();
      }
      return headers.first(name);
    }

    private static Optional<Map<String, String>> parse(String text, CallContext.Receiver receiver) {
      Map<String, String> values = new HashMap<>();
      if (text.length() > CallContext.HEADER_MAX) {
        malformed(receiver);
        return Optional.empty();
      }
      for (String field : text.split(";", -1)) {
        int equals = field.indexOf('=');
        if (equals < 1
            || values.put(field.substring(0, equals), field.substring(equals + 1)) != null) {
          malformed(receiver);
          return Optional.empty();
        }
      }
      if (!VERSION.equals(values.get("v"))) {
        malformed(receiver);
        return Optional.empty();
      }
      return Optional.of(values);
    }

    private static void malformed(CallContext.Receiver receiver) {
      receiver.observer().count("context.malformed", 1);
    }

    <T> Optional<T> get(String key, Function<String, Optional<T>> read) {
      String text = values.get(key);
      if (text == null) {
        return Optional.empty();
      }
      Optional<T> value = read.apply(text);
      if (value.isEmpty()) {
        malformed(receiver);
      }
      return value;
    }

    CorrelationId correlation() {
      Optional<String> text = only(headers, CallContext.CORRELATION_HEADER, receiver);
      Optional<CorrelationId> wellFormed = text.flatMap(CorrelationId::parse);
      if (text.isPresent() && wellFormed.isEmpty()) {
        malformed(receiver);
      }
      return wellFormed.orElseGet(() -> receiver.ids().correlation());
    }

    /** The edge gives what it allows; a peer that says nothing is ordinary production work. */
    Criticality criticality() {
      Criticality silent =
          receiver.trust() == CallContext.Trust.EDGE ? receiver.ceiling() : Criticality.CRITICAL;
      return get("crit", ContextHeader::criticality).orElse(silent).atMost(receiver.ceiling());
    }

    int cohort(CorrelationId correlation) {
      return get("cohort", text -> number(text, 0, CallContext.COHORT_MAX))
          .map(Long::intValue)
          .orElseGet(() -> CallContext.cohortOf(correlation));
    }

    String client() {
      return get("client", text -> Optional.of(text).filter(IdSource::isWellFormed))
          .orElse("unknown");
    }
  }
}
