/** Who seems to be up: failure detectors, and the members of a group as one process sees them. */
@NullMarked
package dev.ashlar.leases.detect;

import org.jspecify.annotations.NullMarked;
