/** The contracts of lease stores, of the leases kept in them, and of guards. */
@NullMarked
package dev.ashlar.leases.testkit;

import org.jspecify.annotations.NullMarked;
