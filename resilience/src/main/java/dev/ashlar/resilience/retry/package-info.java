/** When to try again: decisions, waits and the allowance that bounds them; none reads a clock. */
@NullMarked
package dev.ashlar.resilience.retry;

import org.jspecify.annotations.NullMarked;
