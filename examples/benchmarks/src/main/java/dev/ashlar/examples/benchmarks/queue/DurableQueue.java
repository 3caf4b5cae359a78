package dev.ashlar.examples.benchmarks.queue;

import dev.ashlar.core.Deadline;
import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.List;

/** What every peer can do; each thread has a sender or a receiver of its own. */
interface DurableQueue extends Closeable {

  /** Opens a sender for one thread. */
  Sender sender() throws Exception;

  /** Opens a receiver for one thread. */
  Receiver receiver() throws Exception;

  /** Sends. */
  interface Sender extends AutoCloseable {

    /** Sends records together; on return they survive what the peer promises. */
    void send(List<byte[]> records, Deadline deadline) throws Exception;

    @Override
    default void close() {}
  }

  /** Receives and settles. */
  interface Receiver extends AutoCloseable {

    /** Takes up to so many, as the peer has them; none if the deadline comes first. */
    List<ByteBuffer> receive(int most, Deadline deadline) throws Exception;

    /**
     * Settles all that the last receipt returned; on return that survives what the peer promises.
     */
    void settle(Deadline deadline) throws Exception;

    @Override
    default void close() {}
  }
}
