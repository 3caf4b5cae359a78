package dev.ashlar.examples.propagation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.ashlar.core.IdSource;
import dev.ashlar.tracing.JsonLine;
import dev.ashlar.tracing.JsonLines;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What the blocks and the test log, as the JSON lines that a service would write. */
final class JsonLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final JsonLines format = JsonLines.of("shop", IdSource.system());
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.ashlar");
  private final Level before = logger.getLevel();
  private final List<Entry> entries = new CopyOnWriteArrayList<>();

  JsonLog() {
    setContext(logger.getLoggerContext());
    start();
    logger.setLevel(Level.INFO);
    logger.addAppender(this);
  }

  /** One line. */
  record Entry(String text) {

    /** Returns the text of a field; empty if it is not there. */
    String get(String name) {
      Matcher field = Pattern.compile('"' + name + "\":\"([^\"]*)\"").matcher(text);
      return field.find() ? field.group(1) : "";
    }

    /** Returns what happened, and how it ended if it did. */
    String what() {
      return (get("message") + " " + get("outcome")).strip();
    }
  }

  List<Entry> entries() {
    return List.copyOf(entries);
  }

  boolean has(String what) {
    return entries.stream().anyMatch(entry -> entry.what().equals(what));
  }

  @Override
  protected void append(ILoggingEvent event) {
    JsonLine line = format.line(event.getInstant(), event.getLevel().toString());
    line.with("message", event.getFormattedMessage()).withAll(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.withValue(pair.key, pair.value);
      }
    }
    entries.add(new Entry(line.text()));
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(before);
    stop();
  }
}
