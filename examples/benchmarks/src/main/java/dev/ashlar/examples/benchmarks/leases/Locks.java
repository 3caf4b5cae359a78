package dev.ashlar.examples.benchmarks.leases;

import dev.ashlar.core.Deadline;
import java.io.Closeable;
import java.io.IOException;

/** What every peer can do. Safe for many threads, each with names of its own or with the same. */
interface Locks extends Closeable {

  /** Takes what a name stands for; whoever can wait for its holder does. */
  Hold acquire(String name, Deadline deadline) throws Exception;

  @Override
  default void close() throws IOException {}

  /** What was taken, until the same thread gives it back. */
  interface Hold {

    /** Returns its number; 0 where the peer has none. */
    default long token() {
      return 0;
    }

    /**
     * Raises the resource's floor to the number; {@code false} where the peer has no such thing.
     */
    default boolean claim(Deadline deadline) throws Exception {
      return false;
    }

    /** Changes a row of the resource under the claim; {@code false} where the peer checks none. */
    default boolean write(Deadline deadline) throws Exception {
      return false;
    }

    /** Makes it last for a full term again; {@code false} where it lasts without. */
    default boolean renew(Deadline deadline) throws Exception {
      return false;
    }

    /** Gives it back; fails if it was not the caller's any more. */
    void release(Deadline deadline) throws Exception;
  }
}
