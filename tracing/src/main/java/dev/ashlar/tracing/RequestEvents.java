package dev.ashlar.tracing;

import dev.ashlar.core.CallContext;
import dev.ashlar.core.Operation;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/*
 * The six lines that the collator lives on:
 *
 *   kind       first line         last line
 *   SERVER     request.start      request.end
 *   CONSUMER   message.received   request.end
 *   INTERNAL   request.start      request.end    the outermost of its request only: a job
 *   CLIENT     call.start         call.end
 *   PRODUCER   message.sent       message.sent   the last one only if sending failed
 *
 * The last line has an outcome: ok, error for an exception, or the word of an Operation.Ending, such
 * as retry.
 *
 * message.sent is written before the message is handed over. Written after it, the receiver's lines
 * could come first, and even cause something that the sender logs before it: then the lines of one
 * process, taken in their order, contradict the order of cause and effect.
 */

/** Writes the first and the last line of each operation. */
final class RequestEvents {

  static final String EVENT = "event";

  private final Logger logger;

  RequestEvents(Logger logger) {
    this.logger = logger;
  }

  void start(Operation operation, CallContext context) {
    String event =
        switch (operation.kind()) {
          case SERVER, INTERNAL -> "request.start";
          case CONSUMER -> "message.received";
          case CLIENT -> "call.start";
          case PRODUCER -> "message.sent";
        };
    line(Level.INFO, event, operation).addKeyValue("attempt", context.attempt()).log(event);
  }

  /** A failure that the work has said itself is its outcome, in its own word. */
  void end(Operation operation, long durationNanos, Optional<String> failure) {
    if (failure.isPresent()) {
      last(Level.WARN, operation, durationNanos, failure.get()).log(lastEvent(operation));
    } else if (operation.kind() != Operation.Kind.PRODUCER) {
      last(Level.INFO, operation, durationNanos, "ok").log(lastEvent(operation));
    }
  }

  /** Only a whole request shows its failure's trace: every call below would show the same again. */
  void fail(Operation operation, long durationNanos, Throwable failure) {
    LoggingEventBuilder line =
        last(Level.WARN, operation, durationNanos, "error")
            .addKeyValue("error_type", failure.getClass().getName());
    boolean whole =
        operation.kind() != Operation.Kind.CLIENT && operation.kind() != Operation.Kind.PRODUCER;
    (whole ? line.setCause(failure) : line).log(lastEvent(operation));
  }

  private LoggingEventBuilder last(Level level, Operation operation, long nanos, String outcome) {
    return line(level, lastEvent(operation), operation)
        .addKeyValue("duration_ns", nanos)
        .addKeyValue("outcome", outcome);
  }

  private static String lastEvent(Operation operation) {
    return switch (operation.kind()) {
      case SERVER, CONSUMER, INTERNAL -> "request.end";
      case CLIENT -> "call.end";
      case PRODUCER -> "message.sent";
    };
  }

  private LoggingEventBuilder line(Level level, String event, Operation operation) {
    return logger
        .atLevel(level)
        .addKeyValue(EVENT, event)
        .addKeyValue("target", operation.target());
  }
}
