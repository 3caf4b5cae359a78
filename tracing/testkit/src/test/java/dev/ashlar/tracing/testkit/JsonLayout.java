package dev.ashlar.tracing.testkit;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import dev.ashlar.tracing.JsonLine;
import dev.ashlar.tracing.JsonLines;
import org.slf4j.event.KeyValuePair;

// [readme:layout]
/** What connects one backend, here Logback: it hands over what it has, and writes the text. */
final class JsonLayout extends LayoutBase<ILoggingEvent> {

  private final JsonLines lines;

  JsonLayout(JsonLines lines) {
    this.lines = lines;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    JsonLine line = lines.line(event.getInstant(), event.getLevel().toString());
    line.with("logger", event.getLoggerName()).with("thread", event.getThreadName());
    line.with("message", event.getFormattedMessage()).withAll(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.withValue(pair.key, pair.value);
      }
    }
    if (event.getThrowableProxy() instanceof ThrowableProxy failure) {
      line.withError(failure.getThrowable());
    }
    return line.text() + "\n";
  }
}
// [/readme]
