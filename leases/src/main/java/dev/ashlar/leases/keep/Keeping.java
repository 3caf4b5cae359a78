package dev.ashlar.leases.keep;

import dev.ashlar.core.Observer;
import dev.ashlar.core.TimeSource;
import dev.ashlar.leases.LeaseStore;

/** What all leases of one {@link Leases} have in common. */
record Keeping(LeaseStore store, LeaseOptions options, TimeSource time, Observer observer) {}
