/** Which member should own which partition: a hint that all members with one view agree on. */
@NullMarked
package dev.ashlar.leases.own;

import org.jspecify.annotations.NullMarked;
