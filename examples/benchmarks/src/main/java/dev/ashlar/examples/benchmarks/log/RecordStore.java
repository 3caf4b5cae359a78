package dev.ashlar.examples.benchmarks.log;

import java.io.Closeable;
import java.util.List;

/**
 * An engine that takes many records at once, by one thread at a time: {@link GroupedLog} sees to
 * that.
 */
public interface RecordStore extends Closeable {

  /** Appends all; on return they are as durable as the store was opened for. */
  void write(List<byte[]> records) throws Exception;

  /** Hands every record to the sink. */
  void read(DurableLog.Sink sink) throws Exception;
}
