/** Getting leases from a store and keeping them. */
@NullMarked
package dev.ashlar.leases.keep;

import org.jspecify.annotations.NullMarked;
