/** The pipeline that a call to another service goes through, and what came of it. */
@NullMarked
package dev.ashlar.resilience;

import org.jspecify.annotations.NullMarked;
