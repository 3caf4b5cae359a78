/** Values with versions, written on a condition: optimistic concurrency for one key at a time. */
@NullMarked
package dev.ashlar.leases.versioned;

import org.jspecify.annotations.NullMarked;
