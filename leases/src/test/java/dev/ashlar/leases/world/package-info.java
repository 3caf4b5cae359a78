/** Leases in a simulated world: the protocol whole, and without one defence at a time. */
@NullMarked
package dev.ashlar.leases.world;

import org.jspecify.annotations.NullMarked;
