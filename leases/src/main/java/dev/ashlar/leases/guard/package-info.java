/** The half of fencing that stands at the resource. */
@NullMarked
package dev.ashlar.leases.guard;

import org.jspecify.annotations.NullMarked;
