package dev.ashlar.examples.benchmarks.store;

import dev.ashlar.core.Deadline;
import java.io.Closeable;
import java.util.List;

/** An event store to measure, for any number of threads. */
interface StreamStore extends Closeable {

  /** Appends behind whatever the stream has; on return it is as durable as was asked for. */
  void append(String stream, List<byte[]> events, Deadline deadline) throws Exception;

  /** Returns all events of a stream, which are few, in order. */
  List<byte[]> read(String stream, Deadline deadline) throws Exception;
}
