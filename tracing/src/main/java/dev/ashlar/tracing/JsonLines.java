package dev.ashlar.tracing;

import dev.ashlar.core.IdSource;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log lines of one process as JSON, each with its place in the order of that process.
 *
 * <p>No backend is needed for it: the layout, formatter or encoder of any backend of SLF4J hands
 * over what it has, and writes the text. One object per process, shared by all appenders.
 *
 * <p><b>Guarantees.</b> Each line has the service, an id of the process and a number that grows
 * from line to line, so that the lines of one process can be put in order whatever its clock does.
 * See {@link JsonLine} for what may be in a line.
 *
 * <p><b>Threads.</b> Safe.
 *
 * <pre>{@code
 * JsonLine line = lines.line(event.getInstant(), event.getLevel().toString());
 * line.with("logger", event.getLoggerName()).with("thread", event.getThreadName());
 * line.with("message", event.getFormattedMessage()).withAll(event.getMDCPropertyMap());
 * }</pre>
 */
public final class JsonLines {

  private final String service;
  private final String process;
  private final AtomicLong last = new AtomicLong();

  private JsonLines(String service, String process) {
    this.service = service;
    this.process = process;
  }

  /**
   * Returns the lines of this process.
   *
   * @param service the name of the program, 1 to 64 of {@code A-Z a-z 0-9 . _ -}
   * @param ids makes the id of the process, which differs from run to run
   */
  public static JsonLines of(String service, IdSource ids) {
    if (!IdSource.isWellFormed(service)) {
      throw new IllegalArgumentException(
          "service: " + service.length() + " characters (expected: 1 to 64 of A-Z a-z 0-9 . _ -)");
    }
    return new JsonLines(service, ids.text());
  }

  /**
   * Begins the next line.
   *
   * @param time when it was logged, by the wall clock
   * @param level as the backend names it
   */
  public JsonLine line(Instant time, String level) {
    return new JsonLine()
        .with("ts", time.toString())
        .with("level", level)
        .with("service", service)
        .with("process", process)
        .with("seq", last.incrementAndGet());
  }
}
