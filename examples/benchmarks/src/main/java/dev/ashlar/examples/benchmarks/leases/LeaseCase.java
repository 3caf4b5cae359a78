package dev.ashlar.examples.benchmarks.leases;

import java.util.Locale;

/** What can be asked of a peer. */
enum LeaseCase {
  /** Threads with a lock of their own each: acquire, release. */
  PAIRS,
  /** Threads that wait for one another. */
  CONTENDED,
  /** Acquire, claim a resource, release. */
  CLAIMS,
  /** What each request costs, counted. */
  COUNTS,
  /** Many that are held. */
  RENEWALS;

  /** Returns its name on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
