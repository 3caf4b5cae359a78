/** The properties of the context of a call, and the twins that they catch. */
@NullMarked
package dev.ashlar.core.testkit.context;

import org.jspecify.annotations.NullMarked;
