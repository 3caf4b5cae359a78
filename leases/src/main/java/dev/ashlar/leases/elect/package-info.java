/** One of several processes leads, for a term with a number. */
@NullMarked
package dev.ashlar.leases.elect;

import org.jspecify.annotations.NullMarked;
