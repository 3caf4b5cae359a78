/** The context of a request on its way through the blocks, and what of it stands in the log. */
@NullMarked
package dev.ashlar.examples.propagation;

import org.jspecify.annotations.NullMarked;
