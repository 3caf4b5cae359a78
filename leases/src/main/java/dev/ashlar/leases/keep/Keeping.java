package dev.ashlar.leases.keep;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseStore;

/** What all leases of one {@link Leases} have in common. */
record Keeping(LeaseStore store, LeaseOptions options, TimeSource time, Observer observer) {

  /** Returns a name that says whose leases the thread is for. */
  String threadName(String task) {
    return "ashlar-leases-" + options.owner() + "-" + task;
  }
}
