package dev.ashlar.examples.benchmarks.log;

import dev.ashlar.core.Deadline;
import java.io.Closeable;
import java.nio.ByteBuffer;

/** What every peer can do. Appending is for any number of threads, reading for a log at rest. */
public interface DurableLog extends Closeable {

  /** Appends; on return the record is as durable as the log was opened for. */
  void append(byte[] record, Deadline deadline) throws Exception;

  /**
   * Hands a record over; it is durable when the ticket says so. Waits while too many are queued.
   */
  Ticket submit(byte[] record, Deadline deadline) throws Exception;

  /** Hands every record to the sink, in the log's order. */
  void read(Sink sink) throws Exception;

  /** As {@link #read}, by a group that commits what it has read, where the log has groups. */
  default void consume(Sink sink, Deadline deadline) throws Exception {
    read(sink);
  }

  /** A record on its way. */
  @FunctionalInterface
  interface Ticket {

    /** Waits until the record is as durable as the log was opened for. */
    void await(Deadline deadline) throws Exception;
  }

  /** Takes records. */
  @FunctionalInterface
  interface Sink {

    /** Takes the bytes that remain; they are gone on return. */
    void accept(ByteBuffer record);
  }
}
