package dev.ashlar.tracing.collate;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is kept of a line.
 *
 * @param time by the clock of its process; empty if the line has none that can be read
 * @param seq its place among the lines of its process; -1 if it does not say
 * @param durationNanos how long what ends here took; -1 if it does not say
 * @param fields the texts that are kept, by the name of their field
 * @param digest of the whole line; decides where nothing else does
 */
record LogLine(
    Optional<Instant> time,
    long seq,
    long durationNanos,
    Map<String, String> fields,
    String digest) {

  static final String SERVICE = "service";
  static final String PROCESS = "process";
  static final String CORRELATION = "correlation_id";
  static final String REQUEST = "request_id";
  static final String CAUSE = "causation_id";
  static final String EVENT = "event";
  static final String TARGET = "target";
  static final String LEVEL = "level";
  static final String MESSAGE = "message";
  static final String OUTCOME = "outcome";
  static final String ERROR = "error_type";

  /** By time, and where that is equal by whatever else there is: no two lines are equal. */
  static final Comparator<LogLine> BY_TIME =
      Comparator.comparing((LogLine line) -> line.time().orElse(Instant.MIN))
          .thenComparing(line -> line.get(SERVICE))
          .thenComparing(line -> line.get(PROCESS))
          .thenComparing(LogLine::seq)
          .thenComparing(LogLine::digest);

  String get(String name) {
    return fields.getOrDefault(name, "");
  }

  boolean isEvent(String name) {
    return get(EVENT).equals(name);
  }

  boolean isEntry() {
    return isEvent("request.start") || isEvent("message.received");
  }

  boolean isOutgoing() {
    return isEvent("call.start") || (isEvent("message.sent") && get(OUTCOME).isEmpty());
  }

  boolean hasPlace() {
    return seq >= 0 && !get(PROCESS).isEmpty();
  }

  OptionalLong duration() {
    return durationNanos < 0 ? OptionalLong.empty() : OptionalLong.of(durationNanos);
  }

  /** Equal for two copies of one line, also if a shipper of logs has changed the form of one. */
  String identity() {
    return hasPlace() ? get(PROCESS) + ' ' + seq : digest;
  }
}
