package dev.ashlar.examples.benchmarks.leases;

import java.io.Closeable;

/** A server in a process of its own, whose answers survive a loss of power. */
interface LockServer extends Closeable {

  /** Returns where it listens, on the loopback. */
  int port();

  /** Returns what it has done so far, for whomever. */
  Load load() throws Exception;

  /**
   * What a server has done.
   *
   * @param requests that came, reads too; whoever counts may be told a second late
   * @param writes transactions that were forced
   */
  record Load(long requests, long writes) {}
}
