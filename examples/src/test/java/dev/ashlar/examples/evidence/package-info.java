/** Every violation is made up once, and seen to be reported. */
@NullMarked
package dev.ashlar.examples.evidence;

import org.jspecify.annotations.NullMarked;
