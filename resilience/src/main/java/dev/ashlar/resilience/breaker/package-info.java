/** Not asking a backend that does not answer. */
@NullMarked
package dev.ashlar.resilience.breaker;

import org.jspecify.annotations.NullMarked;
