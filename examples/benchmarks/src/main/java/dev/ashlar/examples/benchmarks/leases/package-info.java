/** The comparison of leases and locks, on a ZooKeeper server and on a PostgreSQL server. */
@NullMarked
package dev.ashlar.examples.benchmarks.leases;

import org.jspecify.annotations.NullMarked;
