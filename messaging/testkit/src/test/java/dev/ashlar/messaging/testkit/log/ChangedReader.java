package dev.ashlar.messaging.testkit.log;

import dev.ashlar.core.Deadline;
import dev.ashlar.messaging.log.LogReader;
import dev.ashlar.messaging.log.LogRecord;
import dev.ashlar.messaging.log.ReadResult;
import java.util.List;
import java.util.function.UnaryOperator;

/** A reader whose records are changed on the way. */
class ChangedReader implements LogReader {

  private final LogReader inner;
  private final UnaryOperator<List<LogRecord>> change;

  ChangedReader(LogReader inner, UnaryOperator<List<LogRecord>> change) {
    this.inner = inner;
    this.change = change;
  }

  static ReadResult changed(ReadResult result, UnaryOperator<List<LogRecord>> change) {
    return result instanceof ReadResult.Records read
        ? new ReadResult.Records(change.apply(read.records()))
        : result;
  }

  @Override
  public String partition() {
    return inner.partition();
  }

  @Override
  public ReadResult read(int most, Deadline deadline) throws InterruptedException {
    return changed(inner.read(most, deadline), change);
  }

  @Override
  public void close() {
    inner.close();
  }
}
