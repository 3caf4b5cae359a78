/** A right for a limited time, with a number; and the store that grants it. */
@NullMarked
package dev.ashlar.leases;

import org.jspecify.annotations.NullMarked;
